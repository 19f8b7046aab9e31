"""Launchers of plugins that start from the process that has imported everything."""

from __future__ import annotations

import functools
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_CLIENT = Path(__file__).with_name("client.py")


@functools.cache
def _socket() -> str:
    """Of this process's own server, which ends with it."""
    path = str(Path(tempfile.mkdtemp(prefix="preload-")) / "socket")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.preload.server", path],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert server.stdout
    assert server.stdout.readline() == b"ready\n"
    _SERVERS.append(server)
    return path


# They end when this process does, with which their input closes.
_SERVERS: list[subprocess.Popen[bytes]] = []


def write_launcher(target: Path, module: str) -> None:
    """An executable that runs `module` with its arguments; for the engine, no other than the launcher of a user's."""
    command = shlex.join([sys.executable, "-I", "-S", str(_CLIENT), _socket(), module])
    target.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    target.chmod(0o755)
