"""Leaves a faulty tenant as it was, so that one mistake does not hide what else a change does."""

from __future__ import annotations

import shutil
from pathlib import Path

from components.value_conflicts import load
from settings.errors import ConfigurationError
from settings.facts import file_of
from settings.finding import Finding


def without_faulty_tenants(present: Path, base: Path, stack: str) -> list[Finding]:
    """Put the base's file in place of each faulty tenant's, or none; returns every fault, each once.

    What is left may still be faulty: a fault of the stack's own file, or of two tenants together.
    """
    told: list[Finding] = []
    for _ in range(3):
        try:
            load(present, stack)
        except ConfigurationError as error:
            told += [fault for fault in error.findings if fault not in told]
            tenants = {fault.where.tenant for fault in error.findings if fault.where.tenant}
            for tenant in tenants:
                _restore(present / file_of(stack, tenant), base / file_of(stack, tenant))
            if not tenants:
                break
        else:
            break
    return told


def _restore(file: Path, earlier: Path) -> None:
    if earlier.is_file():
        shutil.copy2(earlier, file)
    else:
        file.unlink(missing_ok=True)
