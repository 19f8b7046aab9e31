"""Installations that people have published, as stack and tenant files of ours: `installations/README.md`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.local.helm import merged

FOLDER = Path(__file__).parent / "installations"
SERVERS = sorted(path.stem for path in (FOLDER / "servers").glob("*.yaml"))
TENANTS = sorted(path.stem for path in (FOLDER / "tenants").glob("*.yaml"))
_SETTINGS = "clearml-tenants:stack"


def stack_file(server: str) -> dict[str, Any]:
    """The stack's file with the settings of that server."""
    whole: dict[str, Any] = yaml.safe_load((FOLDER / "stack.yaml").read_text())
    over: Mapping[str, Any] = yaml.safe_load((FOLDER / "servers" / f"{server}.yaml").read_text())
    whole["config"][_SETTINGS] = merged(whole["config"][_SETTINGS], over)
    return whole


def tenant_file(name: str) -> str:
    """The tenant's file as it is written."""
    return (FOLDER / "tenants" / f"{name}.yaml").read_text()


def write(root: Path, stack: str, server: str) -> None:
    """The stack with every tenant, below `root`."""
    folder = root / "config" / "tenants" / stack
    folder.mkdir(parents=True)
    (root / "config" / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(stack_file(server), sort_keys=False))
    for name in TENANTS:
        (folder / f"{name}.yaml").write_text(tenant_file(name))
