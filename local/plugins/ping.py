"""An official plugin's version, asked from the plugin itself and remembered while the file stays the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

_SECONDS = 10.0


def version_of(executable: Path, memory: Path) -> str:
    """The version it tells, "" if it tells none; `memory` is a folder for what was told before."""
    stamp = executable.stat()
    key = f"{executable} {stamp.st_size} {stamp.st_mtime_ns}"
    file = memory / "plugin-versions.json"
    try:
        known: dict[str, str] = json.loads(file.read_text())
    except (OSError, ValueError):
        known = {}
    if key not in known:
        known[key] = _ask(executable)
        memory.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_text(json.dumps(known))
        fresh.replace(file)
    return known[key]


def _ask(executable: Path) -> str:
    try:
        process = subprocess.Popen(
            [executable, "127.0.0.1:0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return ""
    try:
        port = process.stdout.readline().decode().strip() if process.stdout else ""
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            told = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(empty_pb2.Empty(), timeout=_SECONDS)
        return str(told.version)
    except (grpc.RpcError, ValueError):
        return ""
    finally:
        process.kill()
        process.communicate()
