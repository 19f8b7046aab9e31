"""The program with a cluster that writes down each call, and fails from one of them on if a test wants it."""

from __future__ import annotations

from pathlib import Path

from tests.api.journal_cluster import FAILURE, JOURNAL, Call, calls
from tests.api.program import Program
from tests.emulator import Emulator
from tests.preload.launcher import write_launcher


class Walled(Program):
    """The program, its cluster's calls written down."""

    def __init__(self, folder: Path, engine: Path, emulator: Emulator) -> None:
        self.journal, self.failure = folder / "journal", folder / "failure"
        self.more_variables = {**Program.more_variables, JOURNAL: str(self.journal), FAILURE: str(self.failure)}
        super().__init__(folder, engine, emulator)

    def _plugins(self) -> None:
        super()._plugins()
        write_launcher(self.folder / "bin" / "pulumi-resource-kubernetes", "tests.api.journal_cluster")

    @property
    def calls(self) -> list[Call]:
        return calls(self.journal)

    def fail(self, number: int, when: str) -> None:
        """Let all calls fail from the one of that number on."""
        self.failure.write_text(f"{number} {when}")

    def mend(self) -> None:
        self.failure.unlink(missing_ok=True)
