"""Runs kwokctl on this checkout's cluster and on nothing else."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local.checkout import CLUSTER
from local.cluster.paths import ClusterPaths
from local.cluster.ports import free_ports
from local.cluster.settings import NODES, PORTS, configuration
from local.errors import LocalError
from local.toolchain import InstalledTool

_SECONDS = 180


class Kwokctl:
    """Its output goes to the place's log. Every method raises LocalError, one line with that log's path."""

    def __init__(self, place: ClusterPaths, tools: Mapping[str, InstalledTool]) -> None:
        self._place = place
        self._tools = tools

    def create(self) -> None:
        """Make the cluster's files and start its processes; they may not answer yet."""
        settings = self._place.work / "kwokctl.json"
        settings.write_text(json.dumps(configuration(self._tools, free_ports(len(PORTS)))))
        # No kubeconfig of a user's is added to.
        self._run("--config", str(settings), "create", "cluster", "--kubeconfig", "")

    def start(self) -> None:
        """Start those processes of an existing cluster that do not run."""
        self._run("start", "cluster")

    def add_nodes(self) -> None:
        self._run("scale", "node", "--replicas", str(NODES))

    def _run(self, *arguments: str) -> None:
        self._place.log.parent.mkdir(parents=True, exist_ok=True)
        self._place.home.mkdir(parents=True, exist_ok=True)
        with self._place.log.open("a") as log:
            try:
                run = subprocess.run(
                    [str(self._tools["kwokctl"].path), "--name", CLUSTER, *arguments],
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    timeout=_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise LocalError(f"cluster: kwokctl did not end in {_SECONDS} s (log: {self._place.log})") from None
        if run.returncode:
            said = _last_words(self._place.log)
            raise LocalError(f"cluster: kwokctl {' '.join(arguments[-4:-2])} failed: {said} (log: {self._place.log})")

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self._place.home),
            "KWOK_WORKDIR": str(self._place.work),
            "PATH": os.pathsep.join([str(self._stand_in_for_kubectl()), os.defpath]),
        }

    def _stand_in_for_kubectl(self) -> Path:
        """A folder with a `kubectl` that always says ok.

        kwokctl asks kubectl whether the API server answers, and downloads one where there is none. This package asks
        the API server itself, so no kubectl is needed.
        """
        folder = self._place.work / "no-kubectl"
        folder.mkdir(parents=True, exist_ok=True)
        script = folder / "kubectl"
        script.write_text("#!/bin/sh\necho ok\n")
        script.chmod(0o755)
        return folder


def _last_words(log: Path) -> str:
    """The message of the log's last line, which kwokctl writes as JSON."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    last = lines[-1] if lines else "no output"
    try:
        entry = json.loads(last)
        return f"{entry.get('msg', '')} {entry.get('err', '')}".strip()[:200]
    except (ValueError, AttributeError):
        return last[:200]
