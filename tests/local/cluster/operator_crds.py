"""The Pulumi Kubernetes Operator's own definitions: of its Go module, or of a folder that `OPERATOR_CRDS` names."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import yaml

from local.toolchain.go import find_go
from local.toolchain.machine import Machine
from tests.local.helm import Object

MODULE = "github.com/pulumi/pulumi-kubernetes-operator/v2"
VERSION = "v2.9.0"
_FOLDER = "operator/config/crd/bases"
_MEND = f"OPERATOR_CRDS=<folder> names a folder with what {_FOLDER} of {VERSION} has"


class NoDefinitionsError(Exception):
    """They cannot be had; its text is one line that says why, and what to do."""


def definitions(scratch: Path) -> list[Object]:
    """All of them. Raises NoDefinitionsError."""
    folder = Path(os.environ.get("OPERATOR_CRDS") or _module(scratch) / _FOLDER)
    found = [yaml.load(file.read_text(), yaml.CSafeLoader) for file in sorted(folder.glob("*.yaml"))]
    if not found:
        raise NoDefinitionsError(f"{folder}: has none of the operator's definitions: {_MEND}")
    return found


def _module(scratch: Path) -> Path:
    """Where the go command keeps the module; it compares its digest with the one that is public."""
    go = find_go(Machine.this())
    command = [str(go.path), "mod", "download", "-json", f"{MODULE}@{VERSION}"]
    try:
        done = subprocess.run(
            command,
            cwd=scratch,
            env=go.environment() | {"GOFLAGS": "-mod=mod"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    except subprocess.TimeoutExpired:
        raise NoDefinitionsError(f"{MODULE} {VERSION}: no answer within 120 s: {_MEND}") from None
    told = json.loads(done.stdout or "{}")
    if "Dir" not in told:
        reason = " ".join(str(told.get("Error") or done.stderr).split())
        raise NoDefinitionsError(f"{reason}: {_MEND}")
    return Path(told["Dir"])
