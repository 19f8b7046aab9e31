"""Runs helm against the provider's cluster, and ends it with the plugin."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence

from local.plugins.errors import PluginError
from local.plugins.kubernetes.cluster import Cluster
from local.plugins.kubernetes.release.complaint import complaint


class HelmError(PluginError):
    """What helm complained of, one line, without its own prefixes; may hold values: mask before showing."""


class Helm:
    """Each call is one helm process in a process group of its own, so that only we decide how it ends."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._ended = False

    def on_cluster(self, namespace: str, arguments: Sequence[str], stdin: str = "", **extra: str) -> str:
        """Run on the release's cluster and namespace; `extra` variables. Raises HelmError, PluginError."""
        chosen = self._cluster.kubeconfig()
        with chosen.as_file() as file:
            place = ["--kubeconfig", str(file), "--kube-context", chosen.context, "--namespace", namespace]
            return self.run([*arguments, *place], stdin, extra)

    def run(self, arguments: Sequence[str], stdin: str = "", variables: Mapping[str, str] | None = None) -> str:
        """stdout. Raises HelmError, and PluginError where there is no helm."""
        executable = shutil.which("helm")
        if executable is None:
            raise PluginError("helm is not on PATH: install it, or run through `make`, which brings its own")
        process = self._start([executable, *arguments], {**os.environ, **(variables or {})})
        try:
            output, errors = process.communicate(stdin)
        finally:
            with self._lock:
                self._running.discard(process)
        if process.returncode != 0:
            raise HelmError(complaint(errors) or f"helm {arguments[0]} ended with code {process.returncode}")
        return output

    def cancel(self) -> None:
        """Ask running helms to stop: they mark their release failed, as the official plugin's do."""
        with self._lock:
            for process in self._running:
                process.terminate()

    def kill(self) -> None:
        """End them at once, and start no more: their releases stay pending, as those of a killed official plugin."""
        with self._lock:
            self._ended = True
            for process in self._running:
                process.kill()

    def _start(self, command: list[str], variables: Mapping[str, str]) -> subprocess.Popen[str]:
        with self._lock:
            if self._ended:
                raise PluginError("the plugin is ending")
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=variables,
                text=True,
                process_group=0,
            )
            self._running.add(process)
            return process
