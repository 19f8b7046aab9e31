"""Whether the cluster answers, asked of its API server directly."""

from __future__ import annotations

import ssl
import time

import httpx
import yaml

from local.cluster import processes
from local.cluster.paths import ClusterPaths
from local.errors import LocalError

_READY_SECONDS = 60


class ComponentEndedError(LocalError):
    """A process of the cluster ended while it was starting."""


def answers(place: ClusterPaths) -> bool:
    """Whether the API server says on /readyz that it is ready."""
    try:
        server = yaml.safe_load(place.own_kubeconfig.read_text())["clusters"][0]["cluster"]["server"]
        trust = ssl.create_default_context(cafile=str(place.pki / "ca.crt"))
        trust.load_cert_chain(place.pki / "admin.crt", place.pki / "admin.key")
        with httpx.Client(verify=trust, timeout=3, trust_env=False) as client:
            return client.get(f"{server}/readyz").status_code == httpx.codes.OK
    except (OSError, httpx.HTTPError, yaml.YAMLError, KeyError, IndexError, TypeError):
        return False


def wait_until_ready(place: ClusterPaths) -> None:
    """Return once every process runs and the API server is ready.

    Raises ComponentEndedError when one ends, LocalError when it takes too long; the line names the log to read.
    """
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        gone = processes.missing(place)
        if gone:
            log = place.component_log(gone[0])
            raise ComponentEndedError(f"cluster: {gone[0]} ended: {_last_line(place, gone[0])} (log: {log})")
        if answers(place):
            return
        time.sleep(0.2)
    log = place.component_log("kube-apiserver")
    raise LocalError(f"cluster: the API server was not ready after {_READY_SECONDS} s (log: {log}): run again")


def _last_line(place: ClusterPaths, component: str) -> str:
    try:
        lines = place.component_log(component).read_text(errors="replace").splitlines()
    except OSError:
        return "no log"
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "nothing in its log")
