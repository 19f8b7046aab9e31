"""A cluster's namespaces, asked of its API server: by the official client's connection, without its generated models.

The models take a second to load, more than all else that such a question costs. `kubernetes` itself is imported where
it is used, for most runs have nothing to ask.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import yaml

from settings.private_files import folder_of_this_process

_NAMESPACES = "/api/v1/namespaces"
_JSON = "application/json"
_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_PAGE = "200"


@dataclass
class ClusterError(Exception):
    """The cluster gave no answer that says anything: no connection, no such context, no such file."""

    reason: str


@dataclass
class StatusError(Exception):
    """The API server answered with another status than 200: 403 without the right to look, 404 for no such object."""

    status: int
    reason: str


@dataclass(frozen=True)
class ApiServer:
    """One API server, of a kubeconfig and a context; each question waits `seconds` at most."""

    connected: Any
    seconds: int

    @classmethod
    def of_file(cls, file: str | None, context: str | None, seconds: int) -> ApiServer:
        """By a kubeconfig file, or KUBECONFIG's, and a context of it, or its current one. Raises ClusterError."""
        return cls(_connected("load_kube_config", file or os.environ.get("KUBECONFIG"), context), seconds)

    @classmethod
    def of_content(cls, content: str, context: str | None, seconds: int) -> ApiServer:
        """By the text of a kubeconfig. Raises ClusterError."""
        try:
            given = yaml.safe_load(content)
        except yaml.YAMLError:
            raise ClusterError("its kubeconfig is no YAML") from None
        return cls(_connected("load_kube_config_from_dict", given, context), seconds)

    def namespace(self, name: str) -> Mapping[str, Any]:
        """Its `metadata`. Raises StatusError (404 if there is none) and ClusterError."""
        return _metadata(self._get(f"{_NAMESPACES}/{quote(name, safe='')}"))

    def namespaces(self) -> Mapping[str, Mapping[str, str]]:
        """The labels of each, by its name. Raises StatusError and ClusterError."""
        listed = map(_metadata, self._get(_NAMESPACES)["items"])
        return {each["name"]: each.get("labels") or {} for each in listed}

    def ingresses(self, namespace: str) -> Mapping[str, tuple[str, ...]]:
        """Where the ingress of each host of the namespace was admitted. Raises StatusError and ClusterError."""
        path = f"/apis/networking.k8s.io/v1/namespaces/{quote(namespace, safe='')}/ingresses"
        found: dict[str, tuple[str, ...]] = {}
        for each in self.items(path):
            given = each.get("status", {}).get("loadBalancer", {}).get("ingress") or []
            where = tuple(at.get("hostname") or at.get("ip") or "" for at in given)
            found |= {rule["host"]: where for rule in (each.get("spec") or {}).get("rules") or () if rule.get("host")}
        return found

    def items(self, path: str, *, metadata_only: bool = False, **query: str) -> Iterator[Mapping[str, Any]]:
        """The objects of a list, asked for page by page; with `metadata_only` their content is not sent at all.

        Raises StatusError and ClusterError.
        """
        accept = _METADATA if metadata_only else _JSON
        page = ""
        while True:
            found = self._get(path, accept, {**query, "limit": _PAGE, **({"continue": page} if page else {})})
            yield from found.get("items") or ()
            page = (found.get("metadata") or {}).get("continue") or ""
            if not page:
                return

    def _get(self, path: str, accept: str = _JSON, query: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        given = {"query_params": [*(query or {}).items()], "header_params": {"Accept": accept}}
        try:
            request = self.connected.param_serialize("GET", path, auth_settings=["BearerToken"], **given)
            response = self.connected.call_api(*request, _request_timeout=self.seconds)
            content = response.read()
        except (HTTPError, OSError) as error:
            raise ClusterError(" ".join(str(error).split())) from None
        if response.status != 200:
            raise StatusError(response.status, response.reason)
        found: Mapping[str, Any] = json.loads(content)
        return found


def _connected(load: str, source: object, context: str | None) -> Any:  # noqa: ANN401 - the client has no types
    from kubernetes import client, config  # noqa: PLC0415

    found = client.Configuration()
    # The client writes certificates and keys into files, which it takes away in an orderly end alone.
    folder = str(folder_of_this_process())
    try:
        getattr(config, load)(source, context, found, persist_config=False, temp_file_path=folder)
        return client.ApiClient(found)
    except (config.ConfigException, OSError) as error:
        raise ClusterError(" ".join(str(error).split())) from None


def _metadata(found: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata: Mapping[str, Any] = found["metadata"]
    return metadata
