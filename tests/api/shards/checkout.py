"""A checkout in which the commands of `docs/shards.md` are typed: real processes, and a cluster on paper."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

import yaml

from local.engine.checkpoint import repair
from local.plugins.launcher import write_launcher
from rehearsal.copies import copy_of_files
from settings.facts import file_of, stack_file_of
from tests.api.program import Program
from tests.api.stack import ROOT, STACK

# As docs/shards.md advises: so many tenants are one stack, and the shards of more begin with room to grow to that.
ONE_STACK = 50
SHARD_SIZE = 25
AT_A_TIME = int(os.environ.get("JOBS") or os.cpu_count() or 1)
_FOREIGN = ("CLEARML_", "HELM_", "KUBE", "PULUMI_")
_MAKE_STACKS = f"""
from pathlib import Path
from operations.shards.parts import require_stacks
require_stacks(Path(), "{STACK}", print)
"""


class CommandFailedError(AssertionError):
    """A command ended with another code than 0; the text is the end of what it said."""


class PaperCheckout(Program):
    """An environment of one stack; of a platform and shards of `shard_size` with more tenants than `one_stack`."""

    # Nobody is there to answer; and the state is written after each step, as in any environment.
    more_variables: Mapping[str, str] = {"PULUMI_SKIP_CONFIRMATIONS": "true", "PULUMI_OPTION_SKIP_PREVIEW": "true"}
    one_stack = ONE_STACK
    shard_size = SHARD_SIZE
    shards: tuple[str, ...] = ()
    up_module = "tests.api.shards.paper_operations"
    """What `make up STACK=…` runs, on paper."""

    def _prepare(self) -> None:
        copy_of_files(ROOT, self.project)
        super()._prepare()

    def _plugins(self) -> None:
        super()._plugins()
        for name, module in (
            ("pulumi-resource-pulumi-python", "pulumi.dynamic"),
            ("pulumi-language-python", "local.plugins.language"),
        ):
            (self.folder / "bin" / name).unlink(missing_ok=True)
            write_launcher(self.folder / "bin" / name, self.project, module)

    @property
    def stacks(self) -> list[str]:
        """The platform's first."""
        return [STACK, *(f"{STACK}-{shard}" for shard in self.shards)]

    def share_out(self, tenants: Sequence[str]) -> dict[str, list[str]]:
        """Which tenants are in which shard; more than one stack has room for make shards, links and all."""
        if len(tenants) <= self.one_stack:
            return {"": list(tenants)}
        count = -(-len(tenants) // self.shard_size)
        self.shards = tuple(f"{number + 1:02}" for number in range(count))
        for shard in self.shards:
            (self.project / stack_file_of(f"{STACK}-{shard}")).symlink_to(Path(stack_file_of(STACK)).name)
        return {shard: list(tenants[number::count]) for number, shard in enumerate(self.shards)}

    def put(self, tenant: str, content: Mapping[str, Any], shard: str) -> None:
        """The tenant's whole file, in the folder of a shard, or beside the platform."""
        path = self.project / file_of(STACK, tenant, shard)
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(dict(content), sort_keys=False))

    def start_up(self) -> subprocess.Popen[str]:
        """`make up STACK=…`, just begun; what it says is in the file `told`, since nobody reads along."""
        with self.told.open("w") as told:
            return self._start(*self._up, stdout=told, STACK=STACK)

    def make_up(self, *, everything: bool = False) -> str:
        """What the whole command says, with `everything` as `ALL=yes`. Raises CommandFailedError."""
        return _said(self._start(*self._up, STACK=STACK, ALL="yes" if everything else ""))

    @property
    def _up(self) -> tuple[str, ...]:
        return sys.executable, "-m", self.up_module, "up"

    @property
    def told(self) -> Path:
        return self.folder / "told.txt"

    def make_stacks(self) -> None:
        """Those of the shards, empty, as the first `make up` begins. Raises CommandFailedError."""
        _said(self._start(sys.executable, "-c", _MAKE_STACKS))

    def pulumi(self, *arguments: str, stacks: Sequence[str] = ()) -> list[str]:
        """What the command says of each of the stacks, or of all; JOBS at a time. Raises CommandFailedError."""

        # As our own commands start it.
        skip = "true" if arguments[0] == "preview" else ""

        def run(stack: str) -> str:
            return _said(self._start("pulumi", *arguments, "--stack", stack, PULUMI_SKIP_CHECKPOINTS=skip))

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            return list(pool.map(run, stacks or self.stacks))

    def cancel(self) -> None:
        """As `docs/runbooks.md` tells after a kill: what was cut short is put right, and a stack that stays locked by
        who is dead is freed. Raises CommandFailedError."""
        locks = self.folder / "state" / ".pulumi" / "locks"
        locked = sorted({each.parent.name for each in locks.rglob("*.json")})
        for stack in locked:
            repair(self.state_file.with_name(f"{stack}.json"))
        if locked:
            self.pulumi("cancel", "--yes", stacks=locked)

    def state_bytes(self, stacks: Sequence[str] = ()) -> int:
        """Of the files of these stacks' states, or of all."""
        return sum(self.state_file.with_name(f"{stack}.json").stat().st_size for stack in stacks or self.stacks)

    @property
    def shell(self) -> dict[str, str]:
        """The variables that a person's shell has here."""
        theirs = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        variables = {**theirs, **self.variables}
        # They lead the program elsewhere than a person's shell does.
        for name in ("CLEARML_API_URL", "PYTHONPATH"):
            variables.pop(name, None)
        return variables

    def _start(self, *command: str, stdout: int | TextIO = subprocess.PIPE, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self.project,
            env={**self.shell, **more},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            text=True,
        )


def _said(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate()
    if process.returncode:
        raise CommandFailedError(f"{process.args!r}: {process.returncode}: {said[-3000:]}")
    return said
