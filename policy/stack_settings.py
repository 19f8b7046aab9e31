"""What the stack's own file says, for judges: read once a run, and nothing of it where it cannot be read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from rendering.unknown import at
from settings.types.naming import PROJECT


@cache
def stack_settings(stack: str, root: Path) -> object:
    """The settings in the file of `stack` in the project at `root`; None if it has none that can be read."""
    try:
        content = yaml.safe_load((root / "config" / f"Pulumi.{stack}.yaml").read_text())
    except (OSError, ValueError, yaml.YAMLError):
        return None
    return at(content, "config", f"{PROJECT}:stack")
