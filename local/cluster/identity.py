"""Tells one cluster from another that was made in its place."""

from __future__ import annotations

import time
from typing import Any

from kubernetes import client, config

from local.checkout import Checkout

_TRIES = 40


def identity(checkout: Checkout) -> str:
    """The id of the cluster's namespace `kube-system`, which lives as long as the cluster's data.

    A new API server makes that namespace some moments after it is ready.
    """
    settings = str(checkout.kubeconfig)
    api: Any = client.CoreV1Api(config.new_client_from_config(settings))  # type: ignore[no-untyped-call]
    for _ in range(_TRIES - 1):
        try:
            return str(api.read_namespace("kube-system").metadata.uid)
        except client.ApiException as missing:
            if missing.status != 404:
                raise
            time.sleep(0.25)
    return str(api.read_namespace("kube-system").metadata.uid)
