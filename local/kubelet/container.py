"""The one container: the emulated API as a child process, given exactly its container's environment."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from local.kubelet.environment import Environment
from local.kubelet.process import Process

_GRACE_SECONDS = 5.0
_TELLTALE = re.compile(r"key|secret|password|token", re.IGNORECASE)


class Container:
    """A started process; `since` is monotonic seconds."""

    def __init__(self, command: Sequence[str], environment: Environment, folder: Path, run: Path, port: int) -> None:
        """Start it in `folder`; its output goes to files in `run`. Secrets reach it by environment alone."""
        self._environment = environment
        self._port = port
        self._errors = run / "api.err.log"
        run.mkdir(parents=True, exist_ok=True)
        with (run / "api.log").open("wb") as output, self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                list(command),
                cwd=folder,
                env=_for_child(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )
        self.since = time.monotonic()
        self.process = Process.of(self._process.pid)
        self._listened = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def listening(self) -> bool:
        """Whether it lives and its port could be reached once; no request is made."""
        if not self._listened:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=0.5).close()
            except OSError:
                return False
            self._listened = True
        return self.alive

    def failure(self) -> str:
        """The last line it wrote to stderr, with every secret of its environment masked."""
        lines = [line.strip() for line in self._errors.read_text(errors="replace").splitlines() if line.strip()]
        said = lines[-1] if lines else f"ended with exit code {self._process.returncode} and no word"
        for secret in sorted(self._secrets(), key=len, reverse=True):
            said = said.replace(secret, "***")
        return said

    def stop(self) -> None:
        """End it as a kubelet would: ask, then kill."""
        self._process.terminate()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _secrets(self) -> set[str]:
        named = {value for name, value in self._environment.variables.items() if _TELLTALE.search(name)}
        written = named | self._environment.secrets
        bare = {_unquoted(value) for value in written}
        return {value for value in written | bare if len(value) >= 6}


def _for_child(environment: Environment) -> dict[str, str]:
    """The container's variables, over the least that a program needs to start at all."""
    return {"PATH": os.defpath, **environment.variables}


def _unquoted(value: str) -> str:
    """What a JSON-quoted value says: error messages may show it without the quotes."""
    try:
        said = json.loads(value)
    except ValueError:
        return value
    return said if isinstance(said, str) else value
