"""Official plugins where they can be had, stand-ins elsewhere, and a plain line where neither will do."""

from __future__ import annotations

import time
from importlib import metadata
from pathlib import Path

import pytest

from local.checkout import Checkout
from local.errors import LocalError
from local.plugins import choose as choosing
from local.plugins import home
from local.plugins.choose import Plugin, choose, link, provide
from local.toolchain import InstalledTool
from tests.local.plugins.installed import engine_release, executable

VERSION = metadata.version("pulumi_random")


def _random(checkout: Checkout, mode: str = "auto") -> Plugin:
    return next(plugin for plugin in choose(checkout, mode) if plugin.name == "pulumi-resource-random")


def test_nothing_but_the_built_plugin_to_be_had_means_stand_ins(checkout: Checkout) -> None:
    plugins = choose(checkout, "auto")
    assert [plugin.name for plugin in plugins] == [
        "pulumi-resource-kubernetes",
        "pulumi-resource-random",
        "pulumi-resource-pulumi-python",
        "pulumi-language-python",
    ]
    assert [plugin.origin for plugin in plugins] == ["official", "stand-in", "SDK", "stand-in"]
    assert _random(checkout).version == VERSION


def test_one_on_path_wins(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = executable(tmp_path / "bin" / "pulumi-resource-random")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert (_random(checkout).path, _random(checkout).origin) == (found, "official")
    assert _random(checkout, "stand-in").origin == "stand-in"


def test_what_was_chosen_is_not_taken_for_the_users_own(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `make env`, PULUMI_HOME names the folder that leads plain pulumi to what was chosen: this checkout's, or
    another one's."""
    other = Checkout(checkout.root, checkout.data.parent / "other", 8008, None)
    for each in (checkout, other):
        chosen = choose(each, "auto")
        link(each, chosen)
        home.install(each, chosen)
        each.made_here.touch()
        assert (each.pulumi_home / "plugins" / f"resource-random-v{VERSION}" / "pulumi-resource-random").is_file()
        monkeypatch.setenv("PULUMI_HOME", str(each.pulumi_home))
        assert choose(checkout, "auto") == chosen == choose(other, "auto")


def test_an_installed_one_must_fit_the_sdk(checkout: Checkout, tmp_path: Path) -> None:
    plugins = tmp_path / "home" / ".pulumi" / "plugins"
    major, minor, patch = (int(part) for part in VERSION.split("."))
    for version in (f"{major}.{minor - 1}.9", f"{major + 1}.0.0"):
        executable(plugins / f"resource-random-v{version}" / "pulumi-resource-random")
    assert _random(checkout).origin == "stand-in"
    newest = executable(plugins / f"resource-random-v{major}.{minor}.{patch + 10}" / "pulumi-resource-random")
    executable(plugins / f"resource-random-v{major}.{minor}.{patch + 9}" / "pulumi-resource-random")
    assert _random(checkout).path == newest


def test_a_downloaded_one_is_official(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    downloaded = executable(tmp_path / "cache" / "pulumi-resource-random")
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
    monkeypatch.setattr(choosing, "built_plugin", lambda _name: None)
    provide(checkout, "stand-in")
    provide(checkout, "auto")
    executable(tmp_path / "bin" / "pulumi-resource-random")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    provide(checkout, "official")
    # Our stand-ins were asked for: there is none for kubernetes.
    assert asked == [(["kubernetes"], False), (["kubernetes", "random"], False), (["kubernetes"], True)]


def test_one_that_was_built_is_official(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = executable(tmp_path / "cache" / "pulumi-resource-random")
    monkeypatch.setattr(choosing, "built_plugin", lambda name: built.with_name(f"pulumi-resource-{name}"))
    executable(built.with_name("pulumi-resource-kubernetes"))
    assert (_random(checkout).origin, _random(checkout).path) == ("official", built)
    assert _random(checkout, "stand-in").origin == "stand-in"


def test_what_came_with_the_engine_is_used(checkout: Checkout, tmp_path: Path) -> None:
    release = engine_release(checkout, tmp_path / "release")
    chosen = {plugin.name: plugin for plugin in choose(checkout, "auto")}
    host = chosen["pulumi-language-python"]
    assert (host.origin, host.path) == ("official", release / "pulumi-language-python")
    link(checkout, list(chosen.values()))
    # Where the system tells a program the link that it was started by, the host looks for it there.
    assert (checkout.bin / "pulumi-language-python-exec").resolve() == release / "pulumi-language-python-exec"


def test_a_language_host_of_another_engine_is_left_alone(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One on PATH may be of any age; the engine in use came without one."""
    executable(tmp_path / "old" / "pulumi-language-python")
    monkeypatch.setenv("PATH", f"{tmp_path / 'old'}:/usr/bin:/bin")
    checkout.bin.mkdir(parents=True)
    (checkout.bin / "pulumi").symlink_to(executable(tmp_path / "built" / "pulumi"))
    chosen = {plugin.name: plugin for plugin in choose(checkout, "auto")}
    assert chosen["pulumi-language-python"].origin == "stand-in"


def test_forcing_what_is_not_there_is_one_line(checkout: Checkout) -> None:
    with pytest.raises(LocalError, match="PLUGINS=official: no pulumi-resource-random on PATH") as failure:
        choose(checkout, "official")
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("mode", ["auto", "official", "stand-in"])
def test_no_kubernetes_plugin_is_one_line(checkout: Checkout, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setattr(choosing, "built_plugin", lambda _name: None)
    with pytest.raises(
        LocalError, match=r"no pulumi-resource-kubernetes on PATH .* cannot be downloaded or built: "
    ) as failure:
        choose(checkout, mode)
    assert "\n" not in str(failure.value)


def test_an_unknown_mode_is_one_line(checkout: Checkout) -> None:
    with pytest.raises(LocalError, match="PLUGINS='real' is not known: give auto, official or stand-in"):
        choose(checkout, "real")


def test_choosing_is_quick(checkout: Checkout) -> None:
    choose(checkout, "auto")
    started = time.monotonic()
    choose(checkout, "auto")
    assert time.monotonic() - started < 0.3
