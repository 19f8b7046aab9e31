"""Official plugins where they can be had, stand-ins elsewhere, and a plain line where neither will do."""

from __future__ import annotations

import subprocess
import time
from importlib import metadata
from pathlib import Path

import pytest

from local.checkout import Checkout
from local.errors import LocalError
from local.plugins import choose as choosing
from local.plugins.choose import Plugin, choose, link, provide
from local.tools import InstalledTool

VERSION = metadata.version("pulumi_random")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A user who has nothing installed, on a machine that downloads nothing."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PULUMI_HOME", raising=False)
    monkeypatch.setattr(choosing, "official_plugin", lambda *_arguments, **_options: None)
    monkeypatch.setenv("CLEARML_TENANTS_CACHE", str(tmp_path / "cache"))
    return Checkout(Path(__file__).resolve().parents[2], tmp_path / "data", 8008, None)


def _executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


def _random(checkout: Checkout, mode: str = "auto") -> Plugin:
    return next(plugin for plugin in choose(checkout, mode) if plugin.name == "pulumi-resource-random")


def test_nothing_to_be_had_means_stand_ins(checkout: Checkout) -> None:
    plugins = choose(checkout, "auto")
    assert [plugin.name for plugin in plugins] == [
        "pulumi-resource-kubernetes",
        "pulumi-resource-random",
        "pulumi-resource-pulumi-python",
        "pulumi-language-python",
    ]
    assert {plugin.origin for plugin in plugins} == {"stand-in"}
    assert _random(checkout).version == VERSION


def test_one_on_path_wins(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _executable(tmp_path / "bin" / "pulumi-resource-random")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert (_random(checkout).path, _random(checkout).origin) == (found, "official")
    assert _random(checkout, "stand-in").origin == "stand-in"


def test_our_own_launchers_are_not_taken_for_official(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this checkout or of another one, whose `make env` was evaluated in this shell."""
    link(checkout, choose(checkout, "auto"))
    monkeypatch.setenv("PATH", f"{checkout.bin}:/usr/bin:/bin")
    other = Checkout(checkout.root, checkout.data.parent / "other", 8008, None)
    assert {plugin.origin for each in (checkout, other) for plugin in choose(each, "auto")} == {"stand-in"}


def test_an_installed_one_must_fit_the_sdk(checkout: Checkout, tmp_path: Path) -> None:
    plugins = tmp_path / "home" / ".pulumi" / "plugins"
    major, minor, patch = (int(part) for part in VERSION.split("."))
    for version in (f"{major}.{minor - 1}.9", f"{major + 1}.0.0"):
        _executable(plugins / f"resource-random-v{version}" / "pulumi-resource-random")
    assert _random(checkout).origin == "stand-in"
    newest = _executable(plugins / f"resource-random-v{major}.{minor}.{patch + 10}" / "pulumi-resource-random")
    _executable(plugins / f"resource-random-v{major}.{minor}.{patch + 9}" / "pulumi-resource-random")
    assert _random(checkout).path == newest


def test_a_downloaded_one_is_official(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    downloaded = _executable(tmp_path / "cache" / "pulumi-resource-random")
    monkeypatch.setattr(choosing, "official_plugin", lambda *_arguments, **_options: downloaded)
    assert (_random(checkout).origin, _random(checkout).path) == ("official", downloaded)


def test_only_what_is_not_to_be_had_is_built(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[str], bool]] = []

    def install(*, plugins: list[str], again: bool) -> dict[str, InstalledTool]:
        asked.append((plugins, again))
        return {}

    monkeypatch.setattr(choosing, "install_tools", install)
    provide(checkout, "stand-in")
    provide(checkout, "auto")
    _executable(tmp_path / "bin" / "pulumi-resource-random")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    provide(checkout, "official")
    assert asked == [([], False), (["kubernetes", "random"], False), (["kubernetes"], True)]


def test_one_that_was_built_is_official(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = _executable(tmp_path / "cache" / "pulumi-resource-random")
    monkeypatch.setattr(choosing, "built_plugin", {"random": built}.get)
    assert (_random(checkout).origin, _random(checkout).path) == ("official", built)
    assert _random(checkout, "stand-in").origin == "stand-in"


def test_what_came_with_the_engine_is_used(checkout: Checkout, tmp_path: Path) -> None:
    engine = _executable(tmp_path / "release" / "pulumi")
    host = _executable(tmp_path / "release" / "pulumi-language-python")
    checkout.bin.mkdir(parents=True)
    (checkout.bin / "pulumi").symlink_to(engine)
    chosen = {plugin.name: plugin for plugin in choose(checkout, "auto")}
    assert chosen["pulumi-language-python"].path == host
    assert chosen["pulumi-resource-pulumi-python"].origin == "stand-in"


def test_forcing_what_is_not_there_is_one_line(checkout: Checkout) -> None:
    with pytest.raises(LocalError, match="PLUGINS=official: no pulumi-resource-kubernetes on PATH") as failure:
        choose(checkout, "official")
    assert "\n" not in str(failure.value)


def test_an_unknown_mode_is_one_line(checkout: Checkout) -> None:
    with pytest.raises(LocalError, match="PLUGINS='real' is not known: give auto, official or stand-in"):
        choose(checkout, "real")


def test_linking_again_changes_nothing_and_another_choice_replaces(checkout: Checkout, tmp_path: Path) -> None:
    plugins = choose(checkout, "auto")
    link(checkout, plugins)
    before = {path: path.stat().st_mtime_ns for path in checkout.bin.iterdir()}
    link(checkout, plugins)
    assert {path: path.stat().st_mtime_ns for path in checkout.bin.iterdir()} == before
    official = _executable(tmp_path / "o" / "pulumi-resource-random")
    link(checkout, [Plugin("pulumi-resource-random", "", "official", official)])
    assert (checkout.bin / "pulumi-resource-random").resolve() == official
    link(checkout, plugins)
    assert not (checkout.bin / "pulumi-resource-random").is_symlink()


def test_a_launcher_starts_its_plugin_from_any_folder(checkout: Checkout, tmp_path: Path) -> None:
    link(checkout, choose(checkout, "auto"))
    process = subprocess.Popen(
        [checkout.bin / "pulumi-resource-random"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert int(process.stdout.readline()) > 1024
    process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()


def test_choosing_is_quick(checkout: Checkout) -> None:
    choose(checkout, "auto")
    started = time.monotonic()
    choose(checkout, "auto")
    assert time.monotonic() - started < 0.3
