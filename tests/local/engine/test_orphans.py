"""What a killed run left at work is ended before its releases are looked for; a person's own helm is not."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.checkout import Checkout
from local.engine.orphans import end_orphans

PLUGIN = "pulumi-resource-kubernetes"
NAMES = ("helm", PLUGIN)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    """One whose helm and plugins take a minute."""
    made = Checkout(tmp_path, tmp_path / ".local", 8008, None)
    made.bin.mkdir(parents=True)
    for name in NAMES:
        (made.bin / name).write_text("#!/bin/sh\nsleep 60 & wait\n")
        (made.bin / name).chmod(0o755)
    yield made
    for name in NAMES:
        for process in _running(made, name):
            process.kill()


def _running(checkout: Checkout, name: str) -> list[psutil.Process]:
    path = str(checkout.bin / name)
    return [each for each in psutil.process_iter(["cmdline"]) if path in (each.info["cmdline"] or [])]


def _started(checkout: Checkout, name: str = "helm") -> psutil.Process:
    for _ in range(100):
        found = _running(checkout, name)
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("not started")


def test_a_helm_that_nobody_waits_for_is_ended(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["sh", "-c", f"{checkout.bin}/helm >/dev/null 2>&1 &"], check=True)
    left = _started(checkout)
    end_orphans(checkout)
    assert not left.is_running()
    assert f"process {left.pid}" in capsys.readouterr().out


def test_a_persons_own_helm_goes_on(checkout: Checkout) -> None:
    with subprocess.Popen([checkout.bin / "helm"]) as own:
        try:
            _started(checkout)
            end_orphans(checkout)
            assert own.poll() is None
        finally:
            own.kill()


def test_a_plugin_whose_engine_was_killed_is_ended(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    """The official one runs helm within itself, and does not notice for minutes that its engine is gone."""
    subprocess.run(["sh", "-c", f"{checkout.bin}/{PLUGIN} >/dev/null 2>&1 &"], check=True, cwd=checkout.root)
    left = _started(checkout, PLUGIN)
    end_orphans(checkout)
    assert not left.is_running()
    assert f"ended a plugin (process {left.pid})" in capsys.readouterr().out


def test_a_plugin_that_something_else_than_an_engine_took_over_is_ended(checkout: Checkout) -> None:
    """A session's own first process, for one, does that; it lives, and is not the system's."""
    command = f"{checkout.bin}/{PLUGIN} >/dev/null 2>&1 & wait"
    with subprocess.Popen(["sh", "-c", command], cwd=checkout.root) as took_over:
        try:
            left = _started(checkout, PLUGIN)
            end_orphans(checkout)
            assert not left.is_running()
        finally:
            took_over.kill()


@pytest.mark.parametrize("engine_lives", [True, False])
def test_another_projects_plugin_and_one_at_work_go_on(
    checkout: Checkout, tmp_path_factory: pytest.TempPathFactory, engine_lives: bool
) -> None:
    where = checkout.root if engine_lives else tmp_path_factory.mktemp("another")
    executable = checkout.bin / "pulumi"
    executable.write_text(
        f"#!/bin/sh\n{checkout.bin}/{PLUGIN} >/dev/null 2>&1 &\n{'wait' if engine_lives else 'exit'}\n"
    )
    executable.chmod(0o755)
    with subprocess.Popen([executable], cwd=where) as engine:
        left = _started(checkout, PLUGIN)
        end_orphans(checkout)
        assert left.is_running()
        left.kill()
        engine.kill()


@pytest.mark.parametrize(
    ("name", "asked"), [(PLUGIN, "parents"), (PLUGIN, "kill"), ("helm", "parent"), ("helm", "kill")]
)
def test_what_ends_by_itself_meanwhile_stops_nothing(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, name: str, asked: str
) -> None:
    def gone(process: psutil.Process) -> None:
        raise psutil.NoSuchProcess(process.pid)

    subprocess.run(["sh", "-c", f"{checkout.bin}/{name} >/dev/null 2>&1 &"], check=True, cwd=checkout.root)
    left = _started(checkout, name)
    with monkeypatch.context() as patched:
        patched.setattr(psutil.Process, asked, gone)
        end_orphans(checkout)
    left.kill()
