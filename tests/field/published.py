"""Installations that people have published, as stack and tenant files of ours: `installations/README.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import yaml

from tests.local.helm import merged

FOLDER = Path(__file__).parent / "installations"
SERVERS = sorted(path.stem for path in (FOLDER / "servers").glob("*.yaml"))
TENANTS = sorted(path.stem for path in (FOLDER / "tenants").glob("*.yaml"))
_PROJECT = "clearml-tenants:"
_SETTINGS = f"{_PROJECT}stack"


def stack_file(server: str) -> dict[str, Any]:
    """The stack's file with that server: its settings, and under their whole names what else the stack's file holds."""
    whole: dict[str, Any] = yaml.safe_load((FOLDER / "stack.yaml").read_text())
    over: Mapping[str, Any] = yaml.safe_load((FOLDER / "servers" / f"{server}.yaml").read_text())
    beside = {key: value for key, value in over.items() if key.startswith(_PROJECT)}
    settings = {key: value for key, value in over.items() if key not in beside}
    whole["config"] = merged(whole["config"], {**beside, _SETTINGS: settings})
    return whole


def tenant_file(name: str) -> str:
    """The tenant's file as it is written."""
    return (FOLDER / "tenants" / f"{name}.yaml").read_text()


def write(root: Path, stack: str, server: str, tenants: Sequence[str] = TENANTS) -> None:
    """The stack with these tenants, below `root`, beside what is there."""
    folder = root / "config" / "tenants" / stack
    folder.mkdir(parents=True, exist_ok=True)
    file = _without_grants(stack_file(server), set(TENANTS) - set(tenants))
    (root / "config" / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(file, sort_keys=False))
    for name in tenants:
        (folder / f"{name}.yaml").write_text(tenant_file(name))


def _without_grants(file: dict[str, Any], absent: AbstractSet[str]) -> dict[str, Any]:
    """The stack's file without what it says of tenants that are not there."""
    config = file["config"]
    settings = config[_SETTINGS]
    for each in (config[f"{_PROJECT}tenantSecrets"], settings["tenantRules"]["tenants"]):
        for name in absent & each.keys():
            del each[name]
    settings["isolation"]["privilegedTenants"] = [
        each for each in settings["isolation"]["privilegedTenants"] if each not in absent
    ]
    for secret in settings["secrets"].values():
        secret["tenants"] = [each for each in secret.get("tenants", []) if each not in absent]
    return file


def _uses(name: str) -> list[str]:
    file = yaml.safe_load(tenant_file(name))
    return [*(["agent"] if "agent" in file else []), *(f"agent-{each}" for each in file.get("agents", {}))]


# Tenant and use of every agent.
AGENTS = [(name, use) for name in TENANTS for use in _uses(name)]
