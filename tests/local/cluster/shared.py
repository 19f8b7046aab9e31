"""A cluster that the tests of a file share: asked by the official client, killed in parts, given something to run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kubernetes import client, config

from local.checkout import Checkout
from local.cluster import processes
from local.cluster.paths import ClusterPaths


def core(checkout: Checkout) -> Any:
    """The official client, on the checkout's kubeconfig; untyped, since it takes plain dictionaries."""
    untyped: Any = config
    return client.CoreV1Api(untyped.new_client_from_config(str(checkout.kubeconfig)))


def until(true: Callable[[], Any], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.2)


def kill(checkout: Checkout, *components: str) -> None:
    there = processes.running(ClusterPaths.of(checkout))
    for component in components or there:
        there[component].kill()
    until(lambda: not set(components or there) & set(processes.running(ClusterPaths.of(checkout))))


def namespaces(api: Any) -> set[str]:
    return {item.metadata.name for item in api.list_namespace().items}


def deploy(checkout: Checkout, namespace: str) -> None:
    """A Deployment in a new namespace, waited for until its pod runs."""
    api = core(checkout)
    api.create_namespace({"metadata": {"name": namespace}})
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web"}]}}
    body = {
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template},
    }
    apps: Any = client.AppsV1Api(api.api_client)
    apps.create_namespaced_deployment(namespace, body)
    until(lambda: [pod.status.phase for pod in api.list_namespaced_pod(namespace).items] == ["Running"])
