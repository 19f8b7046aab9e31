"""Leaves a faulty file as it was, so that one mistake does not hide what else a change does."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from components.value_conflicts import load
from rehearsal.copies import homes_in
from settings.errors import ConfigurationError
from settings.facts import file_of, stack_file_of
from settings.finding import Finding, Where
from settings.shards import Part

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
            edited = tenants & edits(base, present, stack)
            for tenant in edited:
                _tenant_as_it_was(base, present, stack, tenant)
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


def edits(base: Path, present: Path, stack: str) -> frozenset[str]:
    """The tenants whose files have another content in the two copies, or are in another shard's folder."""
    then, now = homes_in(base, stack), homes_in(present, stack)
    return frozenset(
        name
        for name in then.keys() | now.keys()
        if then.get(name) != now.get(name)
        or any(differs(base, present, file_of(stack, name, shard)) for shard in now[name])
    )


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


def _tenant_as_it_was(base: Path, present: Path, stack: str, tenant: str) -> None:
    """Put its file back where it was; into a shard that is none any more with the link that makes it one."""
    then, now = homes_in(base, stack).get(tenant, ()), homes_in(present, stack).get(tenant, ())
    for shard in {*now} - {*then}:
        (present / file_of(stack, tenant, shard)).unlink()
    for shard in then:
        restore(base, present, file_of(stack, tenant, shard))
        link = stack_file_of(Part(stack, shard).stack)
        if shard and not os.path.lexists(present / link):
            shutil.copy2(base / link, present / link, follow_symlinks=False)


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
