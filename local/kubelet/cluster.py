"""Reads the local cluster, and only that one: the kubeconfig is the checkout's, whatever the user's own says."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kubernetes.client
import kubernetes.config
from kubernetes.client.exceptions import ApiException
from kubernetes.client.rest import RESTResponse
from kubernetes.config.config_exception import ConfigException
from urllib3.exceptions import HTTPError

from local.kubelet.deployment import SELECTOR
from local.kubelet.environment import Reference

_DEPLOYMENTS = "/apis/apps/v1/deployments"
_SELECTED = ("labelSelector", SELECTOR)
_TIMEOUT = 5.0
_WATCH_SECONDS = 300


class UnreachableError(ConnectionError):
    """The cluster does not answer, or not yet."""


class Cluster:
    """A connection that follows its kubeconfig: a cluster made anew has other ports and certificates."""

    def __init__(self, kubeconfig: Path) -> None:
        self._kubeconfig = kubeconfig
        self._client: kubernetes.client.ApiClient | None = None
        self._read_at = 0

    def deployments(self) -> list[Mapping[str, Any]]:
        """The apiserver Deployments of all namespaces, as the API server words them. Raises UnreachableError."""
        listed: list[Mapping[str, Any]] = (self._read(_DEPLOYMENTS, [_SELECTED]) or {})["items"]
        return listed

    def content(self, namespace: str, reference: Reference) -> Mapping[str, str] | None:
        """Keys and values of a Secret or ConfigMap; None if it does not exist. Raises UnreachableError."""
        plural = {"Secret": "secrets", "ConfigMap": "configmaps"}[reference.kind]
        found = self._read(f"/api/v1/namespaces/{namespace}/{plural}/{reference.name}", [])
        if found is None:
            return None
        data = found.get("data") or {}
        if reference.kind == "ConfigMap":
            return dict(data)
        return {key: base64.b64decode(value).decode(errors="surrogateescape") for key, value in data.items()}

    def wake(self, changed: threading.Event) -> None:
        """Set `changed` at every event of an apiserver Deployment, for ever; meant for a thread of its own."""
        query = [_SELECTED, ("watch", "true"), ("timeoutSeconds", str(_WATCH_SECONDS))]
        while True:
            try:
                answer = self._get(_DEPLOYMENTS, query, (_TIMEOUT, _WATCH_SECONDS + 10))
                for _ in answer.response.stream():
                    changed.set()
            except (UnreachableError, HTTPError):
                time.sleep(1)

    def _read(self, path: str, query: list[tuple[str, str]]) -> dict[str, Any] | None:
        answer = self._get(path, query, _TIMEOUT)
        try:
            body = answer.response.data
        except HTTPError as failed:
            raise UnreachableError(f"the cluster of {self._kubeconfig} does not answer") from failed
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise UnreachableError(f"the cluster of {self._kubeconfig} refused {path}: {answer.status} {answer.reason}")
        read: dict[str, Any] = json.loads(body)
        return read

    def _get(self, path: str, query: list[tuple[str, str]], timeout: float | tuple[float, float]) -> RESTResponse:
        client = self._connection()
        accept = {"Accept": "application/json"}
        call = client.param_serialize(
            "GET", path, query_params=query, header_params=accept, auth_settings=["BearerToken"]
        )
        try:
            return client.call_api(*call, _request_timeout=timeout)
        except (HTTPError, ApiException, OSError) as failed:
            self._client = None
            raise UnreachableError(f"the cluster of {self._kubeconfig} does not answer") from failed

    def _connection(self) -> kubernetes.client.ApiClient:
        try:
            changed = self._kubeconfig.stat().st_mtime_ns
            if self._client is None or changed != self._read_at:
                self._client = self._connect()
                self._read_at = changed
        except (OSError, ConfigException) as failed:
            raise UnreachableError(f"there is no cluster yet: no usable {self._kubeconfig}") from failed
        return self._client

    def _connect(self) -> kubernetes.client.ApiClient:
        settings = kubernetes.client.Configuration()
        loading: Any = kubernetes.config
        loading.load_kube_config(str(self._kubeconfig), client_configuration=settings, persist_config=False)
        settings.retries = False
        settings.proxy = None
        return kubernetes.client.ApiClient(settings)
