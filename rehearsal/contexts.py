"""Gives the rehearsal's cluster the names that the stack's files know their clusters by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml


def add(kubeconfig: Path, names: Iterable[str]) -> None:
    """Let each of `names` be a context that leads where the current one does."""
    content = yaml.safe_load(kubeconfig.read_text())
    (current,) = [each["context"] for each in content["contexts"] if each["name"] == content["current-context"]]
    known = {each["name"] for each in content["contexts"]}
    content["contexts"] += [{"name": name, "context": current} for name in sorted(set(names) - known)]
    kubeconfig.write_text(yaml.safe_dump(content))
