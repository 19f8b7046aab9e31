"""Tells one cluster from another that was made in its place."""

from __future__ import annotations

import time

from components.namespaces.api_server import ApiServer, StatusError
from local.checkout import Checkout

_TRIES = 40
_SECONDS = 30


def identity(checkout: Checkout) -> str:
    """The id of the cluster's namespace `kube-system`, which lives as long as the cluster's data.

    A new API server makes that namespace some moments after it is ready.
    """
    cluster = ApiServer.of_file(str(checkout.kubeconfig), None, _SECONDS)
    for _ in range(_TRIES - 1):
        try:
            return str(cluster.namespace("kube-system")["uid"])
        except StatusError as missing:
            if missing.status != 404:
                raise
            time.sleep(0.25)
    return str(cluster.namespace("kube-system")["uid"])
