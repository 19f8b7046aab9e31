"""Where one checkout's cluster lies: kwokctl's working folder and what is read from it."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.checkout import CLUSTER, Checkout
from local.symlinks import point

# What kwokctl reads whole where a path is an argument or a variable; it cuts others off, and writes where they end.
_PLAIN = re.compile(r"[\w./@+=,~-]+")


@dataclass(frozen=True)
class ClusterPaths:
    """`work` is KWOK_WORKDIR; all paths are inside the checkout's local folder. Nothing exists until it is made.

    `way` is a link to that folder, through which `work` and `home` lead, where its path is not one that kwokctl reads.
    """

    work: Path
    home: Path
    kubeconfig: Path
    log: Path
    way: Path | None = None

    @classmethod
    def of(cls, checkout: Checkout) -> ClusterPaths:
        """Makes the link where there has to be one. Raises OSError."""
        way = _way_to(checkout.data)
        if way is not None:
            point(way, checkout.data)
        data = way or checkout.data
        return cls(
            data / checkout.kwok.relative_to(checkout.data),
            data / checkout.home.relative_to(checkout.data),
            checkout.kubeconfig,
            checkout.run / "cluster.log",
            way,
        )

    def forget_way(self) -> None:
        """Remove the link, if there is one."""
        if self.way is not None:
            self.way.unlink(missing_ok=True)

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


def _way_to(data: Path) -> Path | None:
    """Where the link to the folder lies, None if it needs none: in the system's folder for passing things, its name the
    user's and the folder's own."""
    if _PLAIN.fullmatch(str(data)):
        return None
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"clearml-tenants-{os.getuid()}-{name}"
