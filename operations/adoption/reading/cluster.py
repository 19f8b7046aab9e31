"""Reads a cluster by lists alone: releases from Helm's own Secrets, and of all other Secrets nothing but the names."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from components.namespaces.api_server import ApiServer, ClusterError, StatusError
from operations.adoption.reading.facts import CHARTS, Cluster, Release
from operations.errors import OperationError

_SECONDS = 30
_HELM = "owner=helm"
_HELM_TYPE = "type!=helm.sh/release.v1"
_T = TypeVar("_T")
_FORBIDDEN = 403


def read_cluster(kubeconfig: str | None, context: str) -> Cluster:
    """All that is of interest in a cluster. Raises OperationError if it does not answer, or shows no releases."""
    try:
        api = ApiServer.of_file(kubeconfig, context, _SECONDS)
        releases = tuple(sorted(_releases(api), key=str))
        unread: list[str] = []
        secrets = {"metadata_only": True, "fieldSelector": _HELM_TYPE}
        return Cluster(
            context,
            releases,
            _or_nothing(unread, "namespaces", api.namespaces, {}),
            _or_nothing(unread, "quotas", lambda: _specs(api, "/api/v1/resourcequotas"), {}),
            _or_nothing(unread, "limits", lambda: _specs(api, "/api/v1/limitranges"), {}),
            _or_nothing(
                unread,
                "network policies",
                lambda: _names(api, "/apis/networking.k8s.io/v1/networkpolicies", metadata_only=True),
                {},
            ),
            _or_nothing(unread, "names of Secrets", lambda: _names(api, "/api/v1/secrets", **secrets), {}),
            tuple(unread),
        )
    except StatusError as error:
        fix = "let the account of this kubeconfig list Secrets, where Helm keeps its releases, then run this again"
        raise OperationError(f"context {context}: releases cannot be listed: HTTP {error.status}: {fix}") from None
    except ClusterError as error:
        raise OperationError(f"context {context}: {error.reason}: mend that, then run this again") from None


def _or_nothing(unread: list[str], what: str, ask: Callable[[], _T], nothing: _T) -> _T:
    """What is listed; without the right to list it, nothing, and a line that says so. Raises as the question does."""
    try:
        return ask()
    except StatusError as error:
        if error.status != _FORBIDDEN:
            raise
        unread.append(f"{what}: the account of this kubeconfig may not list them")
        return nothing


def _releases(api: ApiServer) -> Iterator[Release]:
    """Those of our charts, each by its newest revision."""
    newest: dict[tuple[str, str], tuple[int, Mapping[str, Any]]] = {}
    for secret in api.items("/api/v1/secrets", labelSelector=_HELM):
        metadata = secret["metadata"]
        labels = metadata.get("labels") or {}
        revision = int(labels.get("version") or 0)
        key = (str(metadata["namespace"]), str(labels.get("name")))
        if revision >= newest.get(key, (0, {}))[0]:
            newest[key] = (revision, secret)
    for (namespace, name), (_, secret) in newest.items():
        found = _decoded(secret)
        chart = ((found.get("chart") or {}).get("metadata")) or {}
        status = str((found.get("info") or {}).get("status") or "unknown")
        if chart.get("name") in CHARTS and status != "uninstalled":
            version = str(chart.get("version") or "")
            yield Release(namespace, name, chart["name"], version, status, found.get("config") or {})


def _decoded(secret: Mapping[str, Any]) -> Mapping[str, Any]:
    """Helm's record: JSON, packed, in base64 of its own inside that of the Secret. Nothing, if it is not that."""
    try:
        packed = base64.b64decode(base64.b64decode((secret.get("data") or {}).get("release") or ""))
        found = json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)
    except (ValueError, OSError, EOFError, zlib.error):
        return {}
    return found if isinstance(found, dict) else {}


def _specs(api: ApiServer, path: str) -> dict[str, dict[str, Any]]:
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for each in api.items(path):
        found[each["metadata"]["namespace"]][each["metadata"]["name"]] = each.get("spec") or {}
    return dict(found)


def _names(api: ApiServer, path: str, **how: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - a list's parameters
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in api.items(path, **how):
        found[each["metadata"]["namespace"]].append(each["metadata"]["name"])
    return {namespace: tuple(sorted(names)) for namespace, names in found.items()}
