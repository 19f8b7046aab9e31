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
from operations.shards.lock import moves_alone
from settings.fingerprint import fingerprint
from settings.loading.load import Environment, load
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
        f"error: stack {ENGINE}: 1 tenants are not where their files are: tenant tenant-01 is in the state of test, "
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
        refusal = "error: another make shard is at work in this checkout: let it end, then run this again\n"
        assert capsys.readouterr().err == refusal
        assert sorted(root.rglob("tenant-*.yaml")) == before
        first.kill()
    # It leaves nothing behind, also killed.
    with moves_alone(root, EngineStack(root, ENGINE)):
        pass


def test_what_all_shards_take_from_the_platform_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read for each of forty shards, every tenant's file was read forty times: two minutes in which nothing was run."""
    reads: list[str] = []

    def counted(folder: Path, stack: str) -> Environment:
        reads.append(stack)
        return load(folder, stack)

    for module in (up, environment):
        monkeypatch.setattr(module, "load", counted)
    told = {"shards": {"rules": "digest", "removals": {"admin@delta.example": {"admin@delta.example.left": 1}}}}
    (tools(root) / "outputs").write_text(json.dumps(told))
    assert _up(root) == 0
    reads.clear()
    (tools(root) / "runs").write_text("")
    assert _up(root) == 0
    assert reads == ["test"]
    commands = (tools(root) / "runs").read_text().splitlines()
    assert sum(each.startswith("stack output") for each in commands) == 1
    assert sum(each.startswith("version") for each in commands) == 1
    # What was read at once is what is found for one alone.
    shard = EngineStack(root, f"{ENGINE}-02")
    before = up.Common("v3.276.0", checked=up.Checked.read(root, "test"))
    together = up.common_of(EngineStack(root, ENGINE), before)
    assert current_inputs(shard, together) == current_inputs(shard)
    assert together.removals["02"] == {"admin@delta.example": {"admin@delta.example.left": 1}}
    assert together.removals["01"] == {}


def test_files_are_read_and_checked_once_for_all_stacks_unless_they_change(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a thousand tenants in forty shards, each shard took seconds to read and check the files of all others."""
    reads: list[str] = []

    def counted(folder: Path, stack: str) -> Environment:
        reads.append(stack)
        return load(folder, stack)

    monkeypatch.setattr(up, "load", counted)
    at = {shard: put(root, shard, "checked") for shard in ("01", "02")}
    assert _up(root, "--all") == 0
    assert reads == ["test"]
    assert {path.read_text() for path in at.values()} == {fingerprint(root)}
    # What the platform's run has read may be what was written meanwhile, and nobody has checked that.
    other = root / "config" / "tenants" / "test" / "acme.txt"
    (tools(root) / "edits").write_text(str(other))
    before = fingerprint(root)
    reads.clear()
    assert _up(root, "--all") == 0
    assert reads == ["test", "test-01", "test-02"]
    assert {path.read_text() for path in at.values()} == {fingerprint(root)} != {before}


def _commands(root: Path, stack: str) -> list[str]:
    """What the engine was asked of the stack since this was asked last, each without its options."""
    log = tools(root) / "runs"
    lines = [line.split() for line in log.read_text().splitlines()]
    asked = [line[: line.index("--stack")] for line in lines if f"--stack {stack} " in f"{' '.join(line)} "]
    return [" ".join(word for word in words[:3] if not word.startswith("--")) for words in asked]


def test_engine_is_asked_no_more_than_it_has_to_be(root: Path) -> None:
    """Each of these is a process that takes a tenth of a second of CPU, and there are forty shards."""
    assert _up(root, "--all") == 0
    (tools(root) / "runs").write_text("")
    assert _up(root, "--all") == 0
    # The state twice, as in the platform's minutes somebody may have run a shard.
    looked_at = ["preview", "stack export", "stack export", "stack tag ls"]
    assert sorted(_commands(root, f"{ENGINE}-01")) == looked_at
    said = (tools(root) / "runs").read_text().splitlines()
    assert [sum(line.startswith(each) for line in said) for each in ("version", "stack ls", "stack output")] == [
        1,
        1,
        1,
    ]
    put(root, "01", "differs")
    (tools(root) / "runs").write_text("")
    assert _up(root, "--all") == 0
    run = ["stack tag rm", "up", "stack export", "stack history", "stack tag set"]
    asked = _commands(root, f"{ENGINE}-01")
    assert (sorted(asked[:4]), asked[4:]) == (looked_at, run)
    (tools(root) / "runs").write_text("")
    assert _up(root) == 0
    assert sorted(_commands(root, f"{ENGINE}-01")) == ["stack export", "stack tag ls"]


def test_state_that_was_read_before_the_platforms_run_is_read_again(root: Path) -> None:
    """A run takes minutes, in which somebody may have run a shard."""
    assert _up(root) == 0
    (tools(root) / "outputs").write_text("{}")
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.write_text(f"{path.read_text()}# edited\n")
    (tools(root) / "runs").write_text("")
    assert _up(root) == 0
    assert _commands(root, f"{ENGINE}-01").count("stack export") == 2
    assert runs(root) == [ENGINE]


_NOT_YET = {
    "adopt": ("adopt", "--stack", "{}"),
    "release": ("release", "--stack", "{}", "--tenant", "acme"),
}


@pytest.mark.parametrize("command", _NOT_YET)
@pytest.mark.parametrize("part", ["", "-01"])
def test_what_knows_no_shards_says_so_before_it_does_anything(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, part: str
) -> None:
    stack = f"{ENGINE}{part}"
    for name in ("STACK", "REPOSITORY", "NUMBER", "PROPOSAL", "GH_TOKEN"):
        monkeypatch.setenv(name, stack if name == "STACK" else "x")
    assert main(["--root", str(root), *(each.format(stack) for each in _NOT_YET[command])]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert f"error: stack {stack}: " in told.err
    assert f"{command} knows no shards, and would see only some of the tenants of test" in told.err
    assert not (tools(root) / "runs").exists()
