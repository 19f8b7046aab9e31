"""A checkout in which tenants are moved, with the state that a release wrote: the real engine's commands, no program.

A run costs seconds, and a move asks the engine for its state alone. So a move can be killed at each of its steps here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from operations.engine import EngineStack
from operations.release_tenant import urns_of
from operations.shards import lock
from operations.shards.homes import homes_of, require_home
from operations.shards.move import move
from settings.facts import file_of
from settings.loading.load import load
from tests.api.recorded import STATES
from tests.api.stack import PROJECT, ROOT, STACK

TENANT = "acme"
"""It has all that a file can say."""
OTHER = "globex"
"""No secret in the stack's file is for it, so its file can go."""
_VERSION = "0.2.0"


class RecordedCheckout:
    """Both tenants are in the stack `test`, which is as a run left it; there is no shard."""

    def __init__(self, folder: Path, engine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.project = folder, folder / "project"
        shutil.copytree(STATES / _VERSION / "config", self.project / "config")
        shutil.copy2(ROOT / "Pulumi.yaml", self.project)
        (folder / "bin").mkdir()
        (folder / "bin" / "pulumi").symlink_to(engine)
        (folder / "state").mkdir()
        for name, value in {
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(lock, "_SECONDS_UNTIL_SEEN", 0)
        self.platform.initialise("passphrase")
        self.platform.replace(json.loads((STATES / _VERSION / "state.json").read_text()))

    @property
    def platform(self) -> EngineStack:
        """The stack `test`."""
        return self.engine("")

    def engine(self, shard: str) -> EngineStack:
        return EngineStack(self.project, f"{STACK}-{shard}" if shard else STACK)

    def move(self, shard: str, tenant: str = TENANT) -> list[str]:
        """As `make shard` does it; empty is the environment's own stack. Raises OperationError, ConfigurationError."""
        said: list[str] = []
        move(self.project, STACK, tenant, shard, said.append, no_run_at_work=False)
        return said

    def move_by(self, command: str) -> list[str]:
        """As the `make shard` of a message does it."""
        given = dict(re.findall(r"(STACK|TENANT|SHARD)=([\w-]+)", command[command.index("make shard ") :]))
        assert given["STACK"] == STACK
        return self.move("" if given["SHARD"] == "-" else given["SHARD"], given["TENANT"])

    def edit(self, shard: str, change: Callable[[list[dict[str, Any]], dict[str, Any]], None]) -> None:
        """Change the state of a stack as no run would: its resources, and all that is beside them."""
        state = json.loads(self._state(shard).read_text())
        latest = state["checkpoint"]["latest"]
        change(latest["resources"], latest)
        self._state(shard).write_text(json.dumps(state))

    def cut_short(self, shard: str) -> None:
        """The state of a stack, as at the moment at which a run writes it into its folder."""
        content = self._state(shard).read_bytes()
        self._state(shard).write_bytes(content[: len(content) // 2])

    def stop_between_both_writes(self, tenant: str = TENANT) -> None:
        """The tenant is on its way to shard 01, and in the states of both stacks."""
        before = self._state("").read_bytes()
        self.move("01", tenant)
        self._state("").write_bytes(before)

    def _state(self, shard: str) -> Path:
        return self.folder / "state" / ".pulumi" / "stacks" / PROJECT / f"{self.engine(shard).name}.json"

    def killed_at(self, write: int, act: Callable[[], object]) -> bool:
        """Whether `act`, in a process of its own, was killed by SIGKILL as soon as the engine had carried out that many
        of the commands by which it writes; or lived that long."""
        child = os.fork()
        if not child:
            code = 1
            try:
                _kill_at(write)
                act()
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
        return os.WIFSIGNALED(status)

    def is_at(self, shard: str, tenant: str = TENANT) -> bool:
        """The tenant's file and state are there alone, and no move is said to be at work."""
        homes = homes_of(self.project, STACK)
        require_home(self.project, STACK, load(self.project, STACK))
        assert homes[tenant] == (self.engine(shard).name,)
        folder = self.project / "config" / "tenants" / STACK
        assert [each for each in folder.rglob("*.yaml") if each.stem == tenant] == [
            self.project / file_of(STACK, tenant, shard)
        ]
        assert lock.TAG not in self.platform.tags()
        return True

    def ids(self, shard: str, tenant: str = TENANT) -> dict[str, str]:
        """Of the tenant's resources in a stack's state, by type and name."""
        resources = self.engine(shard).deployment().get("resources") or []
        own = urns_of(tenant, resources)
        found = [(each["urn"].split("::", 2)[2], str(each.get("id", ""))) for each in resources if each["urn"] in own]
        assert len(found) == len(dict(found))
        return dict(found)


_WRITES = ("stack tag set", "stack init", "stack import", "state move")


def _kill_at(write: int) -> None:
    """In the process that is to be killed."""
    whole, done = EngineStack._pulumi, 0

    def run(self: EngineStack, *arguments: str, **options: str) -> str:
        nonlocal done
        answer = whole(self, *arguments, **options)
        done += " ".join(arguments).startswith(_WRITES)
        if done == write:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    EngineStack._pulumi = run  # type: ignore[method-assign]
