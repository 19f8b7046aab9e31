"""Shards run side by side: how many at a time, what an operator sees of each, and what a signal ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from operations.__main__ import main
from tests.operations.deployment.paper_shards import ENGINE, put, runs, sharded_project, tools
from tests.workflows.github.model import ROOT

_SHARDS = ("01", "02")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """See `sharded_project`; nobody is asked."""
    monkeypatch.setenv("PULUMI_SKIP_CONFIRMATIONS", "true")
    monkeypatch.setenv("JOBS", "2")
    return sharded_project(tmp_path, monkeypatch)


def _up(root: Path, *options: str) -> int:
    return main(["--root", str(root), "up", "--stack", ENGINE, *options])


def _meet(root: Path) -> None:
    """A run of either shard ends only once the other's has begun."""
    for shard, other in zip(_SHARDS, reversed(_SHARDS), strict=True):
        put(root, shard, "meets", f"test-{other}")


def test_shards_run_at_the_same_time_and_the_platform_before_them(root: Path) -> None:
    _meet(root)
    assert _up(root) == 0
    first, *shards = runs(root)
    assert first == ENGINE
    assert sorted(shards) == [f"{ENGINE}-{shard}" for shard in _SHARDS]
    # As many as the machine has cores, where nothing is said.
    assert _up(root) == 0
    assert runs(root) == []


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "1.5"])
def test_jobs_is_a_number_from_one_on(root: Path, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    assert _up(root, "--jobs", jobs) == 1
    assert capsys.readouterr().err == f"error: JOBS={jobs!r}: write how many shards run at a time, like JOBS=4\n"


def test_jobs_bounds_the_look_for_drift_too(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It took as many as the machine has cores, whatever was asked for."""
    monkeypatch.setenv("STACK", ENGINE)
    monkeypatch.setenv("JOBS", "two")
    assert main(["--root", str(root), "shards"]) == 1
    assert capsys.readouterr().err == "error: JOBS='two': write how many shards run at a time, like JOBS=4\n"


@pytest.mark.parametrize("never", ["JOBS=1", "PULUMI_SKIP_CONFIRMATIONS=", "PULUMI_SKIP_CONFIRMATIONS=no"])
def test_one_after_the_other_where_asked_for_or_where_each_asks(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], never: str
) -> None:
    """The engine has the terminal, as without shards: it shows what would change and asks."""
    name, _, value = never.partition("=")
    monkeypatch.setenv(name, value)
    assert _up(root) == 0
    assert runs(root) == [ENGINE, *(f"{ENGINE}-{shard}" for shard in _SHARDS)]
    told = "2 shards run one after the other, as each asks; side by side with PULUMI_SKIP_CONFIRMATIONS=true"
    assert (told in capsys.readouterr().out) is (name != "JOBS")


def test_each_line_of_the_engine_has_its_shard_in_front_and_a_line_each_at_the_end_says_how_it_went(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "Updating (test):\n ~  clearml:Admin acme updated\n\nResources:\n    ~ 1 updated\n    +-2 replaced\n"
    put(root, "01", "says", f"{said}    3 changes. 30 unchanged\n\nDuration: 4s\n")
    put(root, "02", "says", "error: company Delta: not there\n")
    put(root, "02", "fails")
    _meet(root)
    assert _up(root) == 1
    told = capsys.readouterr()
    lines = [re.sub(r"\d+ s\b", "N s", line) for line in told.out.splitlines()]
    for line in ("Updating (test):", " ~  clearml:Admin acme updated", "    3 changes. 30 unchanged", "Duration: 4s"):
        assert f"test-01 | {line}" in lines
    assert "test-02 | error: company Delta: not there" in lines
    assert "test-01: runs, since no complete run is recorded" in lines
    failed = f"stack {ENGINE}-02: the run is not complete: the engine says why in the lines of test-02 above"
    assert lines[-3:] == [
        "test-01: done in N s: 1 updated, 2 replaced, 30 unchanged",
        f"test-02: not complete after N s: {failed}",
        "test: 1 of 2 shards are as their files say",
    ]
    assert told.err == f"error: {failed}\n"
    # What is mended is run again, alone and with the terminal, and nothing else.
    (tools(root) / "test-02" / "fails").unlink()
    runs(root)
    assert _up(root) == 0
    assert runs(root) == [f"{ENGINE}-02"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_all_only_looks_at_a_shard_that_is_as_its_last_complete_run_left_it(
    root: Path, capsys: pytest.CaptureFixture[str], jobs: str
) -> None:
    """A preview reads everything back; a run would read it twice, and the platform tells its shards by one."""
    _up(root)
    put(root, "02", "differs")
    runs(root)
    capsys.readouterr()
    assert _up(root, "--all", "--jobs", jobs) == 0
    log = (tools(root) / "runs").read_text()
    assert runs(root) == [ENGINE, f"{ENGINE}-02"]
    assert f"preview --stack {ENGINE}-01 --refresh --suppress-outputs" in log
    told = re.sub(r"20[-\dT:]+Z", "TIME", capsys.readouterr().out)
    assert "test-01: as it was deployed at TIME" in told
    assert "test-02: as it was deployed" not in told
    # What is recorded stays: the next run without it has nothing to do.
    assert _up(root) == 0
    assert runs(root) == []


def test_a_shard_with_a_preview_that_fails_is_not_run(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, "01", "invalid")
    assert _up(root) == 1
    assert runs(root) == [ENGINE, f"{ENGINE}-02"]
    assert "the engine says why in the lines of test-01 above" in capsys.readouterr().err


def test_shard_whose_state_cannot_be_read_stops_all_before_anything_runs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows whose tenants it has: another stack might make them a second time."""
    put(root, "01", "readable", "0")
    assert _up(root) == 1
    assert "pulumi stack: the state cannot be reached" in capsys.readouterr().err
    assert not runs(root)


@contextmanager
def _running(root: Path) -> Iterator[subprocess.Popen[str]]:
    """The command as a person starts it, with both shards' engines at work."""
    for shard in _SHARDS:
        put(root, shard, "waits")
    code = (
        "import sys\nfrom operations.deployment import up\nup.heal_stack = lambda *_, **__: None\n"
        "from operations.__main__ import main\nsys.exit(main(sys.argv[1:]))"
    )
    command = (sys.executable, "-c", code, "--root", str(root), "up", "--stack", ENGINE)
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ, start_new_session=True, text=True, stdout=-1, stderr=-1
    ) as process:
        for _ in range(400):
            if not any((tools(root) / f"test-{shard}" / "waits").exists() for shard in _SHARDS):
                break
            time.sleep(0.05)
        time.sleep(0.3)
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_ends_it_ends_every_engine_once_and_none_is_left(root: Path, number: signal.Signals) -> None:
    """A terminal's Ctrl-C goes to the whole group of processes, a runner's SIGTERM to the first one alone."""
    with _running(root) as process:
        engines = psutil.Process(process.pid).children(recursive=True)
        assert len(engines) >= 2
        # Otherwise a terminal's Ctrl-C would reach them twice, which ends them at once.
        assert process.pid not in [os.getpgid(each.pid) for each in engines]
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        time.sleep(0.3)
        # Nor a second one, of another kind: a runner sends several.
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    for shard in _SHARDS:
        assert (tools(root) / f"test-{shard}" / "ended").read_text() == "signal "
        assert f"test-{shard}: not complete after" in out
    assert "test: 0 of 2 shards are as their files say" in out
    assert err.startswith("error: stack ")
    assert not [each for each in engines if each.is_running()]


def test_shard_that_waits_for_its_turn_is_not_begun_after_a_signal(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shard = root / "config" / "tenants" / "test" / "02"
    third = root / "config" / "tenants" / "test" / "03"
    third.mkdir()
    text = (shard / "tenant-02.yaml").read_text()
    (third / "tenant-03.yaml").write_text(text.replace("Delta", "Omega").replace("delta", "omega"))
    (root / "config" / "Pulumi.test-03.yaml").symlink_to("Pulumi.test.yaml")
    with _running(root) as process:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert f"test-03: not complete after 0 s: stack {ENGINE}-03: not run, since this command was told to end" in out
    assert f"{ENGINE}-03" not in runs(root)
    # The same command goes on from there.
    assert _up(root) == 0
    assert sorted(runs(root)) == [f"{ENGINE}-{each}" for each in (*_SHARDS, "03")]
