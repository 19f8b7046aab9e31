"""Stacks of an environment with shards that no run has made yet: a preview of one says what will be made."""

from __future__ import annotations

from pathlib import Path

from operations.engine import EngineStack
from operations.shards.parts import has_shards, short
from settings.listing import listing
from settings.loading.load import load


def first_run(root: Path, stack: str, without: tuple[str, ...] = ()) -> str:
    """What the first run makes of `stack`, in a line; empty if it is there, and without shards.

    The engine gets no variable of `without`. Raises OperationError, ConfigurationError.
    """
    if not has_shards(root, stack) or short(stack) in EngineStack(root, stack, without=without).stacks():
        return ""
    environment = load(root, short(stack))
    names = listing([tenant.name for tenant in environment.tenants])
    made = f"makes it, with {len(environment.tenants)} tenants: {names}" if names else "makes it, with no tenant"
    return f"stack {short(stack)} is not there yet: the first make up STACK={environment.name} {made}"
