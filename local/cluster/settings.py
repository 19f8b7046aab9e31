"""What kwokctl is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local.toolchain import InstalledTool

NODES = 2
# Component, in the order they depend on each other, and the tool that is run for it.
COMPONENTS: Mapping[str, str] = {
    "etcd": "etcd",
    "kube-apiserver": "kube-apiserver",
    "kube-controller-manager": "kube-controller-manager",
    "kube-scheduler": "kube-scheduler",
    "kwok-controller": "kwok",
}
# The options that say where a process listens; kwokctl would choose those left out: see `ports`.
PORTS = (
    "etcdPeerPort",
    "etcdPort",
    "kubeApiserverPort",
    "kubeControllerManagerPort",
    "kubeSchedulerPort",
    "kwokControllerPort",
)


def configuration(tools: Mapping[str, InstalledTool], ports: Sequence[int]) -> dict[str, Any]:
    """kwokctl's configuration file (its API `config.kwok.x-k8s.io/v1alpha1`); one port for each of PORTS.

    Everything listens on this machine alone: etcd asks no one for a password. The API server keeps its default
    admission plugins and authorization.
    """
    return {
        "apiVersion": "config.kwok.x-k8s.io/v1alpha1",
        "kind": "KwokctlConfiguration",
        "options": {
            "runtime": "binary",
            "bindAddress": "127.0.0.1",
            # A kwok that was killed holds the nodes five times this long, and pods stay pending meanwhile.
            "nodeLeaseDurationSeconds": 2,
            "kubeVersion": f"v{tools['kube-apiserver'].version}",
            "etcdBinary": str(tools["etcd"].path),
            "kubeApiserverBinary": str(tools["kube-apiserver"].path),
            "kubeControllerManagerBinary": str(tools["kube-controller-manager"].path),
            "kubeSchedulerBinary": str(tools["kube-scheduler"].path),
            "kwokControllerBinary": str(tools["kwok"].path),
            **dict(zip(PORTS, ports, strict=True)),
        },
        "componentsPatches": [
            # One of each runs, so no one has to be elected: after a crash the next would wait for the last one's term.
            # The default of 20 calls a second makes many tenants at once wait for nothing.
            _arguments(
                "kube-controller-manager", {"leader-elect": "false", "kube-api-qps": "500", "kube-api-burst": "1000"}
            ),
            _arguments("kube-scheduler", {"leader-elect": "false"}),
        ],
    }


def _arguments(component: str, values: Mapping[str, str]) -> dict[str, Any]:
    return {"name": component, "extraArgs": [{"key": key, "value": value} for key, value in values.items()]}
