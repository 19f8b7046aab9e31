"""A program with an emulator of its own, in a folder that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.toolchain import install_tools
from tests.api.program import Program
from tests.emulator import Emulator, start_emulator


@contextmanager
def installation() -> Iterator[tuple[Program, Emulator]]:
    """Nothing of this machine's own stacks is touched."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "api").mkdir()
        (Path(folder) / "program").mkdir()
        emulator = start_emulator(Path(folder) / "api")
        try:
            yield Program(Path(folder) / "program", install_tools(["pulumi"])["pulumi"].path, emulator), emulator
        finally:
            emulator.stop()
