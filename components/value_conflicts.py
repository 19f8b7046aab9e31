"""Finds, before anything is made, where free values (`extraValues`, `extraEnvs`) clash with what this program sets.

Clashes show when the values are made, which needs no engine and no secret: placeholders stand in for those. Nulls show
there too, which an old kubernetes plugin would lose on the way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from components.kubernetes_plugin import drops_nulls, version
from components.values.conflicts import presence
from settings.check_registry import check, registered
from settings.facts import Facts
from settings.finding import Finding
from settings.fingerprint import CHECKED
from settings.loading.load import Environment, read, sound


@check("free values leave alone what this program sets, and no null is lost", precedence="first")
def check_value_conflicts(facts: Facts) -> Iterator[Finding]:
    """An error for each free value that this program sets too, in whichever file it stands.

    Where a key is to be taken out, how its value would be written has no bearing: one line a key.
    """
    if (stack := facts.settings) is None:
        return
    workers = (worker for tenant in facts.tenants for worker in tenant.all_workers.values())
    if not (drops_nulls() or presence.of_server(stack.server) or any(map(presence.of_worker, workers))):
        return
    # It imports the SDK, which takes longer than to read all files of a stack.
    from components.values.conflicts.search import conflicts  # noqa: PLC0415

    yield from conflicts(stack, facts.tenants, facts.secrets, version() if drops_nulls() else "")


CHECKS = registered()
"""Every check there is: those of the files, and the one above."""


def load(root: Path, stack: str) -> Environment:
    """As `settings.loading.load`, with every check; other stacks' tenants not again if `make up` has checked them.

    Raises ConfigurationError with every error of every file.
    """
    return sound(read(root, stack, CHECKS, os.environ.get(CHECKED, "")))
