"""Launchers of the plugins that were chosen: ours are known as ours, start anywhere, and see nobody else's packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.checkout import Checkout
from local.plugins.choose import Plugin, choose, link
from local.plugins.launcher import is_ours, write_launcher
from tests.local.plugins.installed import engine_release, executable


def test_our_own_launchers_are_not_taken_for_official(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this checkout or of another one, whose `make env` was evaluated in this shell."""
    link(checkout, choose(checkout, "auto"))
    monkeypatch.setenv("PATH", f"{checkout.bin}:/usr/bin:/bin")
    other = Checkout(checkout.root, checkout.data.parent / "other", 8008, None)
    taken = {plugin.name for each in (checkout, other) for plugin in choose(each, "auto") if plugin.path}
    assert taken == {"pulumi-resource-kubernetes"}


def test_a_launcher_of_the_stand_in_that_is_gone_is_replaced(checkout: Checkout) -> None:
    """A checkout's bin holds one that an older commit wrote."""
    checkout.bin.mkdir(parents=True)
    write_launcher(checkout.bin / "pulumi-resource-kubernetes", checkout.root, "local.plugins.kubernetes")
    link(checkout, choose(checkout, "auto"))
    assert not is_ours(checkout.bin / "pulumi-resource-kubernetes")


def test_dynamic_providers_run_on_the_projects_own_python_whatever_is_installed(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The official launcher, beside the engine or on PATH, takes the first python3 on PATH in an inline program."""
    release = engine_release(checkout, tmp_path / "release")
    monkeypatch.setenv("PATH", f"{release}:/usr/bin:/bin")
    for mode in ("auto", "stand-in"):
        plugins = choose(checkout, mode)
        (dynamic,) = [plugin for plugin in plugins if plugin.name == "pulumi-resource-pulumi-python"]
        link(checkout, [dynamic])
        assert f"exec {sys.executable} -u -m pulumi.dynamic" in (checkout.bin / dynamic.name).read_text()


def test_a_launcher_of_ours_sees_no_other_pythons_packages(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = tmp_path / "foreign" / "pulumi"
    foreign.mkdir(parents=True)
    (foreign / "__init__.py").write_text("raise SystemExit('of another project')")
    for name, value in {"PYTHONPATH": str(foreign.parent), "PYTHONHOME": "/nowhere", "PYTHONSAFEPATH": "1"}.items():
        monkeypatch.setenv(name, value)
    link(checkout, choose(checkout, "stand-in"))
    with subprocess.Popen(
        [checkout.bin / "pulumi-resource-pulumi-python"], cwd=checkout.root, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert int(process.stdout.readline()) > 1024
        process.kill()


def test_linking_again_changes_nothing_and_another_choice_replaces(checkout: Checkout, tmp_path: Path) -> None:
    plugins = choose(checkout, "auto")
    link(checkout, plugins)
    before = {path: path.stat().st_mtime_ns for path in checkout.bin.iterdir()}
    link(checkout, plugins)
    assert {path: path.stat().st_mtime_ns for path in checkout.bin.iterdir()} == before
    official = executable(tmp_path / "o" / "pulumi-resource-random")
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


def test_a_plugin_that_is_asked_to_end_always_ends() -> None:
    """Its loop goes round without a pause, so that the signal meets every place of it."""
    program = "from local.plugins import server; server._PARENT_CHECK_SECONDS = 0; server.serve(lambda _: None)"
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert int(process.stdout.readline()) > 1024
            process.terminate()
            try:
                assert process.wait(20) == 0
            finally:
                process.kill()
