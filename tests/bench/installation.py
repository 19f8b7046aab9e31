"""A program with an emulator of its own, in a folder that is gone afterwards; whole, or its API part alone."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pulumi

from components.sdk.debug_messages import drop_debug_messages
from components.sdk.garbage import collect_rarely
from components.sdk.source_positions import without_source_positions
from local.toolchain import install_tools
from tests.api.program import Program
from tests.api.stack import Declared, Stack
from tests.emulator import Emulator, start_emulator


class UsualProgram(Program):
    """As `make up` runs it: the state is written after each step, which a test of counts need not wait for."""

    more_variables: Mapping[str, str] = {}


@contextmanager
def installation(kind: type[Program] = Program) -> Iterator[tuple[Program, Emulator]]:
    """Nothing of this machine's own stacks is touched."""
    with _emulator() as (folder, emulator):
        yield kind(folder, _engine(), emulator), emulator


@contextmanager
def api_part(tenants: int) -> Iterator[tuple[Stack, Emulator]]:
    """Nothing but what is made by calls of the API: company, admin, keys and sign-in rules of each tenant."""
    with _emulator() as (folder, emulator):
        declared = Declared(tenants=tuple(f"Company{number}" for number in range(tenants)))

        def program() -> None:
            collect_rarely()
            drop_debug_messages()
            with without_source_positions():
                declared()
            pulumi.run(_begin_registrations)

        yield Stack(folder, _engine(), emulator, program), emulator


async def _begin_registrations() -> None:
    """As at the end of `__main__.py`."""
    await asyncio.sleep(0)


def _engine() -> Path:
    return install_tools(["pulumi"])["pulumi"].path


@contextmanager
def _emulator() -> Iterator[tuple[Path, Emulator]]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "api").mkdir()
        (Path(folder) / "program").mkdir()
        emulator = start_emulator(Path(folder) / "api")
        try:
            yield Path(folder) / "program", emulator
        finally:
            emulator.stop()
