"""Leaves a faulty file as it was, so that one mistake does not hide what else a change does."""

from __future__ import annotations

import shutil
from pathlib import Path

from components.value_conflicts import load
from settings.errors import ConfigurationError
from settings.facts import file_of, stack_file_of
from settings.finding import Finding, Where

_AS_IT_WAS = "a change of this file is refused; the rest is told as if it had not been edited"
_ROUNDS = 4


def without_faults(present: Path, base: Path, stack: str) -> list[Finding]:
    """Put the base's file in place of each faulty tenant's, or none, then of the stack's; returns every fault, once.

    What is left may still be faulty: a fault that the base has, or that no file has alone.
    """
    told: list[Finding] = []
    for _ in range(_ROUNDS):
        try:
            load(present, stack)
        except ConfigurationError as error:
            told += [fault for fault in error.findings if fault not in told]
            tenants = {fault.where.tenant for fault in error.findings if fault.where.tenant}
            edited = {tenant for tenant in tenants if differs(base, present, file_of(stack, tenant))}
            for tenant in edited:
                restore(base, present, file_of(stack, tenant))
            if not edited:
                taken_back = stack_as_it_was(base, present, stack)
                if taken_back is None:
                    break
                told.append(taken_back)
        else:
            break
    return told


def stack_as_it_was(base: Path, present: Path, stack: str) -> Finding | None:
    """Take back what is edited in the stack's own file, and say so; None if there is nothing to take back."""
    file = stack_file_of(stack)
    if not (base / file).is_file() or not differs(base, present, file):
        return None
    restore(base, present, file)
    return Finding(Where(file, "", ""), _AS_IT_WAS)


def differs(base: Path, present: Path, file: str) -> bool:
    """Whether the two copies have another content there, or one of them has none."""
    return _content(base / file) != _content(present / file)


def restore(base: Path, present: Path, file: str) -> None:
    """Let `present` have what `base` has there, or nothing."""
    if (base / file).is_file():
        (present / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(base / file, present / file)
    else:
        (present / file).unlink(missing_ok=True)


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
