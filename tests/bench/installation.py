"""A program with an emulator of its own, in a folder that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from local.toolchain import install_tools
from tests.api.program import Program
from tests.emulator import Emulator, start_emulator

_Kind = TypeVar("_Kind", bound=Program)


@contextmanager
def installation(kind: type[_Kind]) -> Iterator[tuple[_Kind, Emulator]]:
    """Nothing of this machine's own stacks is touched."""
    with _emulator() as (folder, emulator):
        yield kind(folder, _engine(), emulator), emulator


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
