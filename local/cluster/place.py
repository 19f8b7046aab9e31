"""Where one checkout's cluster lies: kwokctl's working folder and what is read from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from local.checkout import CLUSTER, Checkout


@dataclass(frozen=True)
class Place:
    """`work` is KWOK_WORKDIR; all paths are inside the checkout's local folder. Nothing exists until it is made."""

    work: Path
    home: Path
    kubeconfig: Path
    log: Path

    @classmethod
    def of(cls, checkout: Checkout) -> Place:
        return cls(checkout.kwok, checkout.home, checkout.kubeconfig, checkout.run / "cluster.log")

    @property
    def cluster(self) -> Path:
        """kwokctl's own folder of this cluster."""
        return self.work / "clusters" / CLUSTER

    @property
    def own_kubeconfig(self) -> Path:
        """The one kwokctl writes: an administrator's, its certificates in files."""
        return self.cluster / "kubeconfig.yaml"

    @property
    def complete(self) -> Path:
        """Exists once the cluster was ready for the first time; without it, what is there is half made."""
        return self.cluster / "complete"

    @property
    def pki(self) -> Path:
        return self.cluster / "pki"

    @property
    def kept_logs(self) -> Path:
        """The logs of a cluster that could not be started again and was removed."""
        return self.log.with_name("cluster-logs")

    def component_log(self, component: str) -> Path:
        return self.cluster / "logs" / f"{component}.log"
