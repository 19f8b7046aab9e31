"""A local cluster for one test module, in a folder and on ports of its own."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import kubernetes.client
import kubernetes.config

from local import cluster
from local.checkout import Checkout
from local.cluster.ports import free_port
from local.toolchain import install_tools

Seen = TypeVar("Seen")
ROOT = Path(__file__).resolve().parents[2]
_SOON_SECONDS = 20


def checkout_in(folder: Path) -> Checkout:
    """This project's code with a local environment in `folder`."""
    return Checkout(root=ROOT, data=folder, api_port=free_port(), control_port=None)


@contextmanager
def own_cluster(folder: Path) -> Iterator[Checkout]:
    """A running cluster; gone at the end."""
    checkout = checkout_in(folder)
    cluster.start(checkout, install_tools())
    try:
        yield checkout
    finally:
        cluster.stop(checkout)


def soon(look: Callable[[], Seen | None]) -> Seen:
    """The first thing that `look` finds."""
    until = time.monotonic() + _SOON_SECONDS
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {_SOON_SECONDS} s")


class Api:
    """The cluster's API as it words things, through the checkout's kubeconfig only."""

    def __init__(self, checkout: Checkout) -> None:
        settings = kubernetes.client.Configuration()
        loading: Any = kubernetes.config
        loading.load_kube_config(str(checkout.kubeconfig), client_configuration=settings, persist_config=False)
        self._client = kubernetes.client.ApiClient(settings)

    def make_namespace(self, name: str) -> str:
        """A namespace that accepts restricted pods only."""
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        self._call("POST", "/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
        return name

    def pods(self, namespace: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call("GET", f"/api/v1/namespaces/{namespace}/pods")["items"]
        return found

    def pod_template(self, namespace: str, name: str) -> dict[str, Any]:
        """The specification of a Deployment's pods."""
        path = f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
        found: dict[str, Any] = self._call("GET", path)["spec"]["template"]["spec"]
        return found

    def secret(self, namespace: str, name: str) -> dict[str, str]:
        """Its keys and values, decoded."""
        data = self._call("GET", f"/api/v1/namespaces/{namespace}/secrets/{name}")["data"]
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    def change_secret(self, namespace: str, name: str, **values: str) -> None:
        kind = "application/merge-patch+json"
        self._call("PATCH", f"/api/v1/namespaces/{namespace}/secrets/{name}", {"stringData": values}, kind)

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, kind: str = "application/json"
    ) -> dict[str, Any]:
        sent = self._client.param_serialize(
            method, path, body=body, header_params={"Content-Type": kind, "Accept": "application/json"}
        )
        answer = self._client.call_api(*sent).response
        assert answer.status < 300, answer.data
        read: dict[str, Any] = json.loads(answer.data)
        return read
