"""A published installation with something else in its stack's file, and what the checks say of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from components.value_conflicts import load
from settings.errors import ConfigurationError
from tests.field.published import write
from tests.local.helm import merged

_STACK = Path("config") / "Pulumi.test.yaml"
_PROJECT = "clearml-tenants:"


def checked(root: Path, server: dict[str, Any], version: str = "11.0.2", **beside: Any) -> str:
    """The warnings, or what stops, a line each; `beside` are keys of the stack's file."""
    write(root, "test", "addressed")
    whole = yaml.safe_load((root / _STACK).read_text())
    over = {"charts": {"server": {"version": version}}, "server": server}
    whole["config"] = merged(
        whole["config"], {**{f"{_PROJECT}{key}": each for key, each in beside.items()}, f"{_PROJECT}stack": over}
    )
    (root / _STACK).write_text(yaml.safe_dump(whole))
    try:
        return "\n".join(str(each) for each in load(root, "test").warnings)
    except ConfigurationError as error:
        return str(error)
