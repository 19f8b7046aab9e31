"""What an environment's stacks have in common is read, checked and asked for once, before any of them runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from operations.__main__ import main
from operations.deployment import due_shards, environment, inputs, up
from operations.deployment.project_files import project_digests
from operations.deployment.up import current_inputs
from operations.engine import EngineStack
from settings.check_registry import Check
from settings.fingerprint import fingerprint
from settings.loading.load import Environment, load
from settings.types.naming import TENANT
from tests.operations.deployment.paper_shards import ENGINE, put, runs, sharded_project, tools


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """See `sharded_project`."""
    return sharded_project(tmp_path, monkeypatch)


def _up(root: Path, *options: str) -> int:
    return main(["--root", str(root), "up", "--stack", ENGINE, *options])


def test_what_all_shards_take_from_the_platform_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read for each of forty shards, every tenant's file was read forty times: two minutes in which nothing was run."""
    reads: list[str] = []

    def counted(folder: Path, stack: str, *checks: Sequence[Check]) -> Environment:
        reads.append(stack)
        return load(folder, stack, *checks)

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
    before = up.Common("v3.276.0", files=up.ValidFiles.read(root, "test"))
    together = up.common_of(EngineStack(root, ENGINE), before)
    assert current_inputs(shard, together) == current_inputs(shard)
    assert together.removals["02"] == {"admin@delta.example": {"admin@delta.example.left": 1}}
    assert together.removals["01"] == {}


def test_files_are_read_and_checked_once_for_all_stacks_unless_they_change(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a thousand tenants in forty shards, each shard took seconds to read and check the files of all others."""
    reads: list[str] = []

    def counted(folder: Path, stack: str, *checks: Sequence[Check]) -> Environment:
        reads.append(stack)
        return load(folder, stack, *checks)

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
    looked_at = ["preview", "stack export", "stack tag ls"]
    assert sorted(_commands(root, f"{ENGINE}-01")) == looked_at
    said = (tools(root) / "runs").read_text().splitlines()
    assert [sum(line.startswith(each) for line in said) for each in ("version", "stack ls", "stack output")] == [
        1,
        0,
        1,
    ]
    put(root, "01", "differs")
    (tools(root) / "runs").write_text("")
    assert _up(root, "--all") == 0
    run = ["stack tag set", "up", "stack export", "stack history", "stack tag set"]
    asked = _commands(root, f"{ENGINE}-01")
    assert (sorted(asked[:3]), asked[3:]) == (looked_at, run)
    (tools(root) / "runs").write_text("")
    assert _up(root) == 0
    assert sorted(_commands(root, f"{ENGINE}-01")) == ["stack export", "stack tag ls"]


def test_job_of_one_shard_reads_no_other_state_if_its_own_has_just_its_tenants(root: Path) -> None:
    """Each of forty jobs would read forty."""
    tenant = {"type": TENANT, "urn": f"urn:pulumi:test-01::clearml-tenants::{TENANT}::tenant-01"}
    put(root, "01", "state", json.dumps({"deployment": {"resources": [tenant]}}))
    shard = f"{ENGINE}-01"
    arguments = ["--root", str(root), "up", "--stack", shard]
    assert main(arguments) == 0
    assert _commands(root, f"{ENGINE}-02") == []
    # A tenant whose file came here: where its state is has to be known.
    (tools(root) / "runs").write_text("")
    put(root, "01", "state", "{}")
    assert main(arguments) == 0
    assert _commands(root, f"{ENGINE}-02") == ["stack export"]


def test_a_run_of_a_shard_in_the_platforms_minutes_is_seen(root: Path) -> None:
    """It wrote the state. Of all others neither state nor record is read again."""
    assert _up(root) == 0
    (tools(root) / "outputs").write_text("{}")
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.write_text(f"{path.read_text()}# edited\n")
    (tools(root) / "edits").write_text(str(tools(root) / "test-01" / "state"))
    (tools(root) / "runs").write_text("")
    assert _up(root) == 0
    assert sorted(_commands(root, f"{ENGINE}-02")) == ["stack export", "stack tag ls"]
    again = ["stack export", "stack export", "stack tag ls", "stack tag ls"]
    assert sorted(_commands(root, f"{ENGINE}-01")[:4]) == again
    assert runs(root) == [ENGINE, f"{ENGINE}-01"]


def test_a_free_value_of_a_shard_that_this_program_sets_stops_the_platform_too(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The platform's run takes rules away, and the shard that would add them elsewhere then refused to run."""
    path = root / "config" / "tenants" / "test" / "02" / "tenant-02.yaml"
    text = path.read_text().replace("agent:\n  queues:\n    default: {}\n", "")
    variable = "{name: CLEARML_TENANTS_SETTINGS, value: mine}"
    path.write_text(f"{text}agent: {{queues: {{default: {{}}}}, extraEnvs: [{variable}]}}\n")
    assert _up(root, "--all") == 1
    assert "02/tenant-02.yaml: tenant-02: agent.extraEnvs[0].name" in capsys.readouterr().err
    assert runs(root) == []


def test_files_of_an_unchanged_environment_are_not_checked_and_are_read_once(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To check a thousand files takes two seconds, and to read the program for each of forty shards one."""
    assert _up(root) == 0
    runs(root)
    checked: list[str] = []
    walked: list[Path] = []

    def checks(folder: Path, stack: str) -> up.ValidFiles:
        checked.append(stack)
        return read(folder, stack)

    def walks(folder: Path) -> Mapping[str, str]:
        walked.append(folder)
        return project_digests(folder)

    read = up.ValidFiles.read
    monkeypatch.setattr(up.ValidFiles, "read", checks)
    for module in (due_shards, inputs):
        monkeypatch.setattr(module, "project_digests", walks)
    capsys.readouterr()
    assert _up(root) == 0
    assert (checked, len(walked), runs(root)) == ([], 1, [])
    assert [line.split(" ")[0] for line in capsys.readouterr().out.splitlines()] == ["test:", "test-01:", "test-02:"]
    # A state that is another one than a complete run left is found before anything begins.
    put(root, "02", "state", "{}")
    assert _up(root) == 0
    assert (checked, runs(root)) == (["test"], [f"{ENGINE}-02"])
