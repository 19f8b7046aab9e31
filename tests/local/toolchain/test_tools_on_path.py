"""A tool the user has already is used if it will do, and is looked at without touching anything of the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.toolchain import InstalledTool, cache, install_tools, present_tools
from local.toolchain.releases.release import Downloads
from tests.local.toolchain.fake_go import FakeGo
from tests.local.toolchain.release_host import tool


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first folder on PATH; a go command is on it, too."""
    monkeypatch.setenv("CLEARML_TENANTS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{tmp_path / 'bin2'}:/usr/bin:/bin")
    (tmp_path / "home").mkdir()
    FakeGo(tmp_path / "bin")
    return tmp_path / "bin"


def put(folder: Path, body: str, name: str = "frob") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho ran >> {folder}/runs\n{body}\n")
    path.chmod(0o755)
    return path


def runs(folder: Path) -> int:
    file = folder / "runs"
    return len(file.read_text().splitlines()) if file.exists() else 0


def find() -> InstalledTool:
    return install_tools(["frob"], {"frob": tool()}, Downloads())["frob"]


def test_a_suitable_tool_is_used(bin_folder: Path) -> None:
    path = put(bin_folder, "echo 'frob version 2.4.1'")
    assert find() == InstalledTool("frob", "2.4.1", path, "PATH")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("echo v2.2.9", "is 2.2.9, wanted 2.x from 2.3.0: passed over"),
        ("echo v3.0.0", "is 3.0.0, wanted 2.x from 2.3.0: passed over"),
        ("echo v2.4.0-beta.1", "does not run or tells no release version"),
        ("echo no number", "does not run or tells no release version"),
        ("echo v2.4.0; exit 1", "does not run or tells no release version"),
    ],
)
def test_an_unsuitable_or_broken_one_is_passed_over_with_a_note(
    bin_folder: Path, capsys: pytest.CaptureFixture[str], body: str, told: str
) -> None:
    put(bin_folder, body)
    assert find().origin == "built"
    assert told in capsys.readouterr().out


def test_the_next_one_on_path_is_looked_at(bin_folder: Path) -> None:
    put(bin_folder, "echo v1.0.0")
    second = put(bin_folder.with_name("bin2"), "echo v2.3.0")
    assert find().path == second


def test_a_tool_is_run_once_and_again_only_when_it_changes(bin_folder: Path) -> None:
    put(bin_folder, "echo v2.4.0")
    assert [find().version for _ in range(3)] == ["2.4.0"] * 3
    assert runs(bin_folder) == 1
    put(bin_folder, "echo v2.4.1 # newer")
    assert find().version == "2.4.1"
    assert runs(bin_folder) == 2


def test_looking_at_a_tool_leaves_the_users_home_alone(bin_folder: Path, tmp_path: Path) -> None:
    put(bin_folder, 'touch "$HOME/trace" && echo v2.4.0')
    assert find().origin == "PATH"
    assert list((tmp_path / "home").iterdir()) == []


def test_our_own_links_on_path_are_not_taken_for_the_users(bin_folder: Path) -> None:
    """`eval "$(make env)"` puts links to the cache on PATH."""
    built = find()
    (bin_folder / "frob").symlink_to(built.path)
    assert find() == built


def test_status_tells_what_is_there_and_installs_nothing(bin_folder: Path) -> None:
    assert present_tools(["frob"], {"frob": tool()}) == {}
    assert not (cache.root() / "tools").exists()
    find()
    assert present_tools(["frob"], {"frob": tool()})["frob"].origin == "built"
