"""A Kubernetes API that has lists and nothing else, over real HTTP; it writes down what it was asked for."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

from tests.json_server import JsonHandler, running

CONTEXT = "paper"
_PATHS = {
    "/api/v1/namespaces": "namespaces",
    "/api/v1/resourcequotas": "quotas",
    "/api/v1/limitranges": "limits",
    "/apis/networking.k8s.io/v1/networkpolicies": "policies",
}
_HELM_TYPE = "helm.sh/release.v1"


@dataclass
class ClusterLists:
    """What the cluster has. `refused`: paths that the account may not list. `page`: how many objects a page has."""

    namespaces: dict[str, dict[str, str]] = field(default_factory=dict)
    secrets: list[dict[str, Any]] = field(default_factory=list)
    quotas: list[dict[str, Any]] = field(default_factory=list)
    limits: list[dict[str, Any]] = field(default_factory=list)
    policies: list[dict[str, Any]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    page: int = 2
    config_maps: list[dict[str, Any]] = field(default_factory=list)
    uid: str = "1"
    ending: set[str] = field(default_factory=set)

    def install(self, namespace: str, name: str, chart: str, values: Mapping[str, Any], **more: Any) -> None:
        """A release, as helm keeps it: `version`, `status`, `revision`, `manifest` in `more`."""
        self.namespaces.setdefault(namespace, {})
        self.secrets.append(helm_secret(namespace, name, chart, values, **more))

    def install_in_config_map(self, namespace: str, name: str, chart: str, values: Mapping[str, Any]) -> None:
        """The same with `HELM_DRIVER=configmap`."""
        self.namespaces.setdefault(namespace, {})
        found = helm_secret(namespace, name, chart, values)
        data = {"release": base64.b64decode(found["data"]["release"]).decode()}
        self.config_maps.append({"metadata": found["metadata"], "data": data})

    def add_secret(self, namespace: str, name: str, data: Mapping[str, str]) -> None:
        """A Secret of somebody's."""
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        metadata = {"name": name, "namespace": namespace, "labels": {}}
        self.secrets.append({"metadata": metadata, "type": "Opaque", "data": encoded})

    def add(self, kind: str, namespace: str, name: str, spec: Mapping[str, Any]) -> None:
        """An object of `quotas`, `limits` or `policies`."""
        getattr(self, kind).append({"metadata": {"name": name, "namespace": namespace}, "spec": dict(spec)})

    def items(self, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        if path == "/api/v1/secrets":
            if query.get("labelSelector") == "owner=helm":
                return [each for each in self.secrets if each["metadata"]["labels"].get("owner") == "helm"]
            assert query.get("fieldSelector") == f"type!={_HELM_TYPE}"
            return [each for each in self.secrets if each["type"] != _HELM_TYPE]
        if path == "/api/v1/configmaps":
            assert query.get("labelSelector") == "owner=helm"
            return self.config_maps
        if path == "/api/v1/namespaces":
            return [{"metadata": self._namespace(name)} for name in self.namespaces]
        found: list[dict[str, Any]] = getattr(self, _PATHS[path])
        return found

    def _namespace(self, name: str) -> dict[str, Any]:
        more = {"uid": self.uid} if name == "kube-system" else {}
        gone = {"deletionTimestamp": "2026-11-25T03:00:00Z"} if name in self.ending else {}
        return {"name": name, "labels": self.namespaces[name], **more, **gone}


def helm_secret(
    namespace: str,
    name: str,
    chart: str,
    values: Mapping[str, Any],
    *,
    version: str = "6.14.6",
    status: str = "deployed",
    revision: int = 1,
    manifest: str = "",
) -> dict[str, Any]:
    """One revision of a release in the form of helm's own storage."""
    record = {
        "name": name,
        "namespace": namespace,
        "version": revision,
        "info": {"status": status},
        "chart": {"metadata": {"name": chart, "version": version}},
        "config": dict(values),
        "manifest": manifest,
    }
    packed = base64.b64encode(gzip.compress(json.dumps(record).encode()))
    labels = {"owner": "helm", "name": name, "status": status, "version": str(revision)}
    metadata = {"name": f"sh.helm.release.v1.{name}.v{revision}", "namespace": namespace, "labels": labels}
    return {"metadata": metadata, "type": _HELM_TYPE, "data": {"release": base64.b64encode(packed).decode()}}


class _Server(ThreadingHTTPServer):
    def __init__(self, lists: ClusterLists) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lists = lists


class _Handler(JsonHandler):
    server: _Server

    def _answer(self) -> None:
        lists, parts = self.server.lists, urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        lists.requests.append((self.command, parts.path, self.headers.get("Accept", "")))
        if parts.path == "/api/v1/namespaces/kube-system" and parts.path not in lists.refused:
            self.send_json(200, {"metadata": {"name": "kube-system", "uid": lists.uid}})
        elif parts.path in lists.refused:
            self.send_json(403, {})
        elif self.command != "GET" or parts.path not in {*_PATHS, "/api/v1/secrets", "/api/v1/configmaps"}:
            self.send_json(405, {})
        else:
            self.send_json(200, self._page(lists.items(parts.path, query), query))

    def _page(self, items: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
        start = int(query.get("continue") or 0)
        end = start + (self.server.lists.page if "limit" in query else len(items))
        if "PartialObjectMetadata" in self.headers.get("Accept", ""):
            items = [{"metadata": each["metadata"]} for each in items]
        return {"items": items[start:end], "metadata": {"continue": str(end)} if end < len(items) else {}}

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the base class's names


@contextmanager
def serving(lists: ClusterLists, kubeconfig: Path, context: str = CONTEXT) -> Iterator[None]:
    """Serve the lists; `kubeconfig` is written to lead there too, by this context."""
    with running(_Server(lists)) as server:
        _lead(kubeconfig, context, f"http://127.0.0.1:{server.server_port}")
        yield


def _lead(kubeconfig: Path, context: str, address: str) -> None:
    there = yaml.safe_load(kubeconfig.read_text()) if kubeconfig.exists() else {}
    named = {
        "clusters": {"cluster": {"server": address}},
        "users": {"user": {"token": "a-token-of-nobodys"}},
        "contexts": {"context": {"cluster": context, "user": context}},
    }
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        **{part: [*there.get(part, []), {"name": context, **each}] for part, each in named.items()},
        "current-context": CONTEXT,
    }
    kubeconfig.write_text(yaml.safe_dump(content))
