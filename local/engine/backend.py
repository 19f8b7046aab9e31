"""The local backend's folder: which stacks have state in it, and how one is forgotten without the others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.checkout import PROJECT, Checkout
from local.errors import LocalError


@dataclass(frozen=True)
class StoredStack:
    """A stack's state in the folder; `resources` is None where the file cannot be read."""

    project: str
    name: str
    resources: int | None

    def __str__(self) -> str:
        count = "an unreadable state" if self.resources is None else f"{self.resources} resources"
        return f"{self.name} of project {self.project} ({count})"


def other_stacks(checkout: Checkout) -> list[StoredStack]:
    """The stacks that have state here beside the environment's own, also empty ones: each was made on purpose."""
    found = sorted((checkout.state / ".pulumi" / "stacks").rglob("*.json*"))
    files = [file for file in found if file.name.endswith((".json", ".json.gz"))]
    return [stack for stack in map(_stored, files) if (stack.project, stack.name) != (PROJECT, checkout.stack)]


def require_no_other_stack(checkout: Checkout) -> None:
    """Raises LocalError if removing the folder would take another stack's state with it."""
    others = other_stacks(checkout)
    if others:
        name = others[0].name
        raise LocalError(
            f"{checkout.state} holds the state of another stack too: {', '.join(map(str, others))}: nothing was "
            f'removed; in a shell after `eval "$(make env)"`, move it (`pulumi stack export --stack {name} --file '
            f"{name}.json`, then `pulumi stack import` where it belongs), then `pulumi stack rm --stack {name} --force "
            "--preserve-config`, and run this again"
        )


def forget_stack(checkout: Checkout) -> None:
    """Remove the state of the environment's own stack, its backups, history and locks; other stacks keep theirs."""
    for path in list(_own_paths(checkout)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _own_paths(checkout: Checkout) -> Iterator[Path]:
    """`stacks/<project>/<stack>.json` and its like, `history/<project>/<stack>/`, `locks/…/<stack>/`."""
    for path in (checkout.state / ".pulumi").rglob(f"{checkout.stack}*"):
        own = path.name == checkout.stack or path.name.startswith(f"{checkout.stack}.")
        if own and path.parent.name == PROJECT:
            yield path


def _stored(file: Path) -> StoredStack:
    project = file.parent.name if file.parent.name != "stacks" else "?"
    try:
        latest = json.loads(file.read_text())["checkpoint"].get("latest") or {}
        resources: int | None = len(latest.get("resources") or [])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        resources = None
    return StoredStack(project, file.name.partition(".json")[0], resources)
