"""The whole program for an environment with two shards: a stack each, all of them of one file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation

from settings.facts import file_of, stack_file_of
from tests.api.program import Program
from tests.api.stack import PROJECT, STACK, _BriefStack, _counts
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
            self.parts[shard] = self._made(name)

    def _made(self, name: str) -> automation.Stack:
        stack = automation.create_or_select_stack(
            name,
            project_name=PROJECT,
            program=self._declare,
            opts=automation.LocalWorkspaceOptions(
                work_dir=str(self.project),
                pulumi_home=str(self.folder / "home"),
                env_vars=self.variables,
                pulumi_command=automation.PulumiCommand(root=str(self.folder), skip_version_check=True),
            ),
        )
        stack.__class__ = _BriefStack
        return stack

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
