"""`make up` of an environment with shards: the platform first, then each shard that has anything to do."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from operations.__main__ import main
from operations.deployment import environment, up
from operations.deployment.up import current_inputs
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.lock import moves_alone
from tests.operations.deployment.paper_shards import ENGINE, put, runs, sharded_project, tools
from tests.workflows.github.model import ROOT


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """See `sharded_project`."""
    return sharded_project(tmp_path, monkeypatch)


def _up(root: Path, *options: str) -> int:
    return main(["--root", str(root), "up", "--stack", ENGINE, *options])


def _edit(root: Path, shard: str) -> None:
    path = root / "config" / "tenants" / "test" / shard / f"tenant-{shard}.yaml"
    path.write_text(f"{path.read_text()}# edited\n")


def test_platform_runs_first_and_then_only_what_has_anything_to_do(root: Path) -> None:
    assert _up(root) == 0
    assert runs(root) == [ENGINE, f"{ENGINE}-01", f"{ENGINE}-02"]
    assert _up(root) == 0
    assert runs(root) == []
    # The platform knows all tenants' rules; the other shard has nothing to do with it.
    _edit(root, "02")
    assert _up(root) == 0
    assert runs(root) == [ENGINE, f"{ENGINE}-02"]


def test_stacks_of_shards_are_made_with_the_key_that_the_file_has(root: Path) -> None:
    """Told no provider, the engine would put its own into the one file, and nobody could read the secrets there."""
    file = root / "config" / "Pulumi.test.yaml"
    file.write_text(file.read_text().replace("encryptionsalt: v1:abc", "secretsprovider: awskms://alias/pulumi"))
    assert _up(root) == 0
    made = [line for line in (tools(root) / "runs").read_text().splitlines() if line.startswith("stack init ")]
    options = "--secrets-provider awskms://alias/pulumi --no-select --non-interactive"
    assert made == [f"stack init {ENGINE}-{shard} {options}" for shard in ("01", "02")]


def test_key_of_each_stack_alone_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = root / "config" / "Pulumi.test.yaml"
    file.write_text(file.read_text().replace("encryptionsalt: v1:abc\n", ""))
    assert _up(root) == 1
    assert "shards need a passphrase or a key service" in capsys.readouterr().err


def test_shard_that_fails_stops_no_other_and_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, "01", "fails")
    assert _up(root) == 1
    assert runs(root) == [ENGINE, f"{ENGINE}-01", f"{ENGINE}-02"]
    told = capsys.readouterr()
    assert "test: 1 of 2 shards are as their files say" in told.out
    assert told.err.startswith(f"error: stack {ENGINE}-01: the run is not complete")
    # What is mended is run again, and nothing else.
    (tools(root) / "test-01" / "fails").unlink()
    assert _up(root) == 0
    assert runs(root) == [f"{ENGINE}-01"]


def test_platform_that_fails_stops_all_shards(root: Path) -> None:
    (tools(root) / "fails").touch()
    assert _up(root) == 1
    assert runs(root) == [ENGINE]


def test_rule_that_left_a_shards_tenant_and_was_taken_back_makes_the_shard_run(root: Path) -> None:
    """Its files and its state are those of its complete run, and the rule is with nobody."""
    shard = EngineStack(root, f"{ENGINE}-01")
    before = current_inputs(shard)
    for admin, differs in (("admin@delta.example", False), ("admin@gamma.example", True)):
        told = {"shards": {"rules": "digest", "removals": {admin: {f"{admin}.left": 1}}}}
        (tools(root) / "outputs").write_text(json.dumps(told))
        assert (current_inputs(shard) != before) is differs


def test_shard_alone_takes_from_the_platform_what_it_takes_beside_the_others(root: Path) -> None:
    """It was another run to the record: each time the one followed the other, it ran; and a rule that had left its
    tenant was no reason to run it alone again."""
    assert _up(root) == 0
    runs(root)
    alone = ("--root", str(root), "up", "--stack", f"{ENGINE}-01")
    assert main(alone) == 0
    assert runs(root) == []
    told = {"shards": {"rules": "digest", "removals": {"admin@gamma.example": {"admin@gamma.example.left": 1}}}}
    (tools(root) / "outputs").write_text(json.dumps(told))
    for expected in ([f"{ENGINE}-01"], []):
        assert main(alone) == 0
        assert runs(root) == expected
    assert _up(root) == 0
    assert runs(root) == []


def test_state_that_is_written_in_the_platforms_minutes_is_not_called_unchanged(root: Path) -> None:
    """By plain `pulumi`, which records nothing; what was read before is read again only where somebody wrote."""
    assert _up(root) == 0
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.write_text(f"{path.read_text()}# edited\n")
    (tools(root) / "edits").write_text(str(tools(root) / "test-02" / "state"))
    runs(root)
    assert _up(root) == 0
    exports = [line for line in (tools(root) / "runs").read_text().splitlines() if line.startswith("stack export")]
    assert [sum(f"{ENGINE}-{shard} " in f"{line} " for line in exports) for shard in ("01", "02")] == [1, 3]
    assert runs(root) == [ENGINE, f"{ENGINE}-02"]


def test_where_nobody_can_tell_what_was_written_each_state_is_read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run is writing one at this moment."""
    assert _up(root) == 0
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.write_text(f"{path.read_text()}# edited\n")

    def refuse(_: EngineStack) -> None:
        raise OperationError("pulumi stack: failed to load checkpoint")

    monkeypatch.setattr(EngineStack, "written", refuse)
    runs(root)
    assert _up(root) == 0
    assert runs(root) == [ENGINE]


def test_a_backend_without_tags_runs_everything(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bucket with an engine before 3.211: to forget what cannot be recorded ended each run before it began."""

    def refuse(*_: object) -> None:
        raise OperationError("pulumi stack: the current backend (build-7) does not support stack tags: see")

    for name in ("tags", "set_tag"):
        monkeypatch.setattr(EngineStack, name, refuse)
    for _ in range(2):
        assert _up(root) == 0
        assert runs(root) == [ENGINE, f"{ENGINE}-01", f"{ENGINE}-02"]
    assert "test-01: the next run looks at everything again: pulumi stack: the current" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["up", "heal"])
@pytest.mark.parametrize("part", ["", "-01", "-02"])
def test_nothing_begins_in_any_stack_while_a_tenant_is_in_another_state_than_its_file_says(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, part: str
) -> None:
    """Healing one shard would take another one's release for what a dead run left."""
    healed: list[str] = []

    def heal(_root: Path, stack: str, *_: object, **__: bool) -> list[str]:
        healed.append(stack)
        return [stack]

    for module in (up, environment):
        monkeypatch.setattr(module, "heal_stack", heal)
    urn = "urn:pulumi:test::clearml-tenants::clearml:tenant:Tenant::tenant-01"
    state = {"deployment": {"resources": [{"urn": urn, "type": "clearml:tenant:Tenant"}]}}
    (tools(root) / "state").write_text(json.dumps(state))
    assert main(["--root", str(root), command, "--stack", f"{ENGINE}{part}"]) == 1
    assert runs(root) == []
    assert healed == []
    assert capsys.readouterr().err == (
        f"error: stack {ENGINE}: tenants are not where their files are: tenant tenant-01 is in the state of test, "
        "and config/tenants/test/01/tenant-01.yaml says test-01: make shard STACK=test TENANT=tenant-01 SHARD=01\n"
    )


def test_second_move_of_a_tenant_is_refused_while_one_is_at_work(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each reads a whole state and writes it back: the slower one would undo what the other did."""
    move = ("--root", str(root), "shard", "--stack", ENGINE, "--tenant", "tenant-01", "--shard", "02")
    put(root, "01", "reads-slowly")
    with subprocess.Popen((sys.executable, "-m", "operations", *move), cwd=ROOT, stdout=-1, stderr=-1) as first:
        while not (tools(root) / "test-01" / "begun").exists():
            time.sleep(0.05)
            assert first.poll() is None, first.communicate()
        before = sorted(root.rglob("tenant-*.yaml"))
        assert main([*move[:-3], "acme", "--shard", "01"]) == 1
        refusal = "error: another make shard or release is at work in this checkout: let it end, then run this again\n"
        assert capsys.readouterr().err == refusal
        assert sorted(root.rglob("tenant-*.yaml")) == before
        first.kill()
    # It leaves nothing behind, also killed.
    with moves_alone(root, EngineStack(root, ENGINE)):
        pass
