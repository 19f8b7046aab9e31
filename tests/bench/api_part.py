"""A program of nothing but what is made by calls of the API: company, admin, keys and sign-in rules of each tenant.

Its `__main__.py` is three lines; which tenants a stack has stands in a file beside it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi

from components.sdk.debug_messages import drop_debug_messages
from components.sdk.garbage import collect_rarely
from components.sdk.source_positions import without_source_positions
from tests.api.shards.checkout import PaperCheckout
from tests.api.stack import STACK, Declared

_TENANTS = "tenants-of-stacks.json"
_MAIN = "from tests.bench.api_part import deploy\n\ndeploy()\n"


class ApiPart(PaperCheckout):
    """A checkout whose program is this one."""

    def write_program(self, shares: Mapping[str, Sequence[str]]) -> None:
        """`shares`: names of companies, by shard."""
        named = {f"{STACK}-{shard}" if shard else STACK: list(names) for shard, names in shares.items()}
        (self.project / _TENANTS).write_text(json.dumps(named))
        (self.project / "__main__.py").write_text(_MAIN)


def deploy() -> None:
    """What `__main__.py` runs; it ends as the real one does."""
    tenants = json.loads(Path(_TENANTS).read_text())[pulumi.get_stack()]
    collect_rarely()
    drop_debug_messages()
    with without_source_positions():
        Declared(tenants=tuple(tenants))()
    pulumi.run(_begin_registrations)


async def _begin_registrations() -> None:
    await asyncio.sleep(0)
