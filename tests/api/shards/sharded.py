"""The whole program for an environment with two shards: a stack each, all of them of one file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from settings.facts import file_of, stack_file_of
from tests.api.program import Program
from tests.api.stack import STACK, _counts
from tests.emulator import Emulator

SHARDS = ("01", "02")


class Sharded(Program):
    """`run` deploys one of its stacks: the platform's is called ``, a shard's after its folder."""

    def __init__(self, folder: Path, engine: Path, emulator: Emulator) -> None:
        super().__init__(folder, engine, emulator)
        self.parts = {"": self.stack}
        for shard in SHARDS:
            name = f"{STACK}-{shard}"
            (self.project / stack_file_of(name)).symlink_to(Path(stack_file_of(STACK)).name)
            self.parts[shard] = self.select(name, self.project)

    def put(self, tenant: str, shard: str, content: Mapping[str, Any]) -> None:
        """The tenant's whole file in a shard's folder."""
        path = self.project / file_of(STACK, tenant, shard)
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(dict(content), sort_keys=False))

    def run(self, shard: str = "") -> dict[str, int]:
        """Resources by what was done with them. Raises automation.CommandError."""
        done = self.parts[shard].up(on_output=self._hear, color="never", refresh=True)
        return _counts(done.summary.resource_changes or {})

    def look(self, shard: str = "") -> dict[str, int]:
        """Resources by what would be done with them. Raises automation.CommandError."""
        return _counts(self.parts[shard].preview(on_output=self._hear, color="never").change_summary)
