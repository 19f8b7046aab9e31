"""The kinds of the `kubernetes` provider: every object by discovery, and Helm releases."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from importlib import metadata

from local.plugins.contract import Kind
from local.plugins.engine_log import EngineLog
from local.plugins.errors import PluginError
from local.plugins.kubernetes.cluster import Cluster
from local.plugins.kubernetes.identity import CLUSTER_INPUTS, replaced_by
from local.plugins.kubernetes.kinds import GroupKind
from local.plugins.kubernetes.kubeconfig import KubeconfigError, load
from local.plugins.kubernetes.objects import Objects
from local.plugins.kubernetes.release.chart import Charts
from local.plugins.kubernetes.release.helm import Helm
from local.plugins.kubernetes.release.release import Release
from local.plugins.kubernetes.settings import Settings
from local.plugins.properties import Properties, plain

_RELEASE = "kubernetes:helm.sh/v3:Release"


class KubernetesProvider:
    """One per plugin process, for one provider resource of the program."""

    name = "kubernetes"
    version = metadata.version("pulumi_kubernetes")

    def __init__(self, log: EngineLog) -> None:
        self._log = log
        self._canceled = threading.Event()
        self._settings = Settings()
        self._cluster = Cluster(self._settings)
        self._helm = Helm(self._cluster)
        self._charts = Charts(self._helm)

    def configure(self, variables: Mapping[str, str]) -> None:
        self._settings = Settings.read(variables)
        self._cluster = Cluster(self._settings)
        self._helm = Helm(self._cluster)
        self._charts = Charts(self._helm)

    def kind(self, token: str) -> Kind:
        if token == _RELEASE:
            return Release(self._helm, self._charts, self._cluster, self._log)
        kind = GroupKind.of(token)
        if kind.group == "helm.sh" or kind.kind.endswith("Patch"):
            raise PluginError(
                f"{token}: the stand-in kubernetes plugin does not know this type; use the official plugin"
            )
        return Objects(kind, self._cluster, self._settings, self._canceled)

    def config_replaces(self, olds: Properties, news: Properties) -> Sequence[str]:
        def same_cluster() -> bool:
            try:
                return _server(olds) == _server(news)
            except KubeconfigError:
                # One of them cannot be read any more: nothing proves that it was another cluster.
                return True

        return replaced_by(olds, news, same_cluster)

    def cancel(self) -> None:
        self._canceled.set()
        self._helm.cancel()

    def stop(self) -> None:
        self._canceled.set()
        self._helm.kill()
        self._cluster.close()


def _server(inputs: Properties) -> str:
    return load(
        Settings.read({name: str(plain(value)) for name, value in inputs.items() if name in CLUSTER_INPUTS})
    ).server
