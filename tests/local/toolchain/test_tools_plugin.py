"""Official provider plugins come from their releases, or are known not to be had without waiting for it each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.errors import LocalError
from local.toolchain import built_plugin, install_tools, official_plugin
from local.toolchain.catalogue import PLUGINS, plugin_release
from local.toolchain.machine import Machine
from local.toolchain.releases.release import Downloads
from local.toolchain.tool import Release
from local.toolchain.version import Version
from tests.local.toolchain.fake_go import FakeGo
from tests.local.toolchain.release_host import Host, release_host, script, tarball, tool

FILE = "plugin.tar.gz"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setenv("CLEARML_TENANTS_CACHE", str(tmp_path / "cache"))
    with release_host() as running:
        running.publish({FILE: tarball({"pulumi-resource-random": script("4.19.0"), "LICENSE.txt": b"free"})})
        yield running


def get(host: Host, *, again: bool = False) -> Path | None:
    release = Release(f"{host.url}/{FILE}", f"{host.url}/sums")
    return official_plugin("random", "4.19.0", again=again, release=release, downloads=Downloads())


def test_a_plugin_is_downloaded_once(host: Host) -> None:
    path = get(host)
    assert path is not None
    assert path.name == "pulumi-resource-random"
    assert path.stat().st_mode & 0o111
    host.asked.clear()
    assert get(host) == path
    assert host.asked == []


def test_a_refusal_is_remembered_until_asked_again(host: Host) -> None:
    published, host.files = host.files, {}
    assert get(host) is None
    host.files = published
    host.asked.clear()
    assert get(host) is None
    assert host.asked == []
    assert get(host, again=True) is not None


def test_a_changed_plugin_is_an_error(host: Host) -> None:
    host.files[FILE] = tarball({"pulumi-resource-random": script("evil")})
    with pytest.raises(LocalError, match="does not match"):
        get(host)


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeGo:
    """Nothing built before; what lies beside the plugin is in its module."""
    monkeypatch.setenv("CLEARML_TENANTS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    found = FakeGo(tmp_path / "bin")
    for name in PLUGINS["kubernetes"].source.beside:
        (tmp_path / "bin" / name).write_text("{}")
    return found


def test_one_that_is_a_go_module_is_built_once_with_what_it_reads(go: FakeGo) -> None:
    assert built_plugin("kubernetes") is None
    for _ in range(2):
        install_tools([], plugins=["kubernetes"])
    path = built_plugin("kubernetes")
    assert path is not None
    assert {"pulumi-resource-kubernetes", "schema.json", "terraform-mapping.json"} <= {
        file.name for file in path.parent.iterdir()
    }
    assert len(go.builds) == 1
    install_tools([], plugins=["random"])
    assert len(go.builds) == 1


def test_a_failed_build_is_told_once(tmp_path: Path, go: FakeGo, capsys: pytest.CaptureFixture[str]) -> None:
    broken = FakeGo(tmp_path / "bin", during="echo module not served; exit 1")
    for _ in range(2):
        install_tools([], plugins=["kubernetes"])
    assert built_plugin("kubernetes") is None
    assert len(broken.builds) == 1
    told = capsys.readouterr().out
    assert "pulumi-resource-kubernetes is not built: " in told
    assert "module not served" in told
    install_tools([], plugins=["kubernetes"], again=True)
    assert len(broken.builds) == 2


def test_a_plugin_is_built_after_the_tools_whose_packages_it_shares(go: FakeGo) -> None:
    found = install_tools(["frob"], {"frob": tool()}, Downloads(), plugins=["kubernetes"])
    assert found["frob"].origin == "built"
    assert built_plugin("kubernetes") is not None
    assert [line.rsplit(" ", 1)[-1] for line in go.builds] == ["example.org/frob", "./pulumi-resource-kubernetes"]


def test_a_plugin_that_cannot_be_built_keeps_no_tool_away(
    tmp_path: Path, go: FakeGo, capsys: pytest.CaptureFixture[str]
) -> None:
    FakeGo(tmp_path / "bin", broken="pulumi-resource-kubernetes")
    found = install_tools(["frob"], {"frob": tool()}, Downloads(), plugins=["kubernetes"])
    assert found["frob"].origin == "built"
    assert built_plugin("kubernetes") is None
    assert "plugins: pulumi-resource-kubernetes is not built: " in capsys.readouterr().out


def test_a_plugin_without_what_it_reads_is_not_installed(
    tmp_path: Path, go: FakeGo, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bin" / "schema.json").unlink()
    install_tools([], plugins=["kubernetes"])
    assert built_plugin("kubernetes") is None
    assert "schema.json: No such file or directory" in capsys.readouterr().out


def test_plugins_come_from_pulumis_own_releases() -> None:
    asset = plugin_release("kubernetes").asset(Version(4, 29, 0), Machine("darwin", "arm64"))
    assert asset is not None
    base = "https://github.com/pulumi/pulumi-kubernetes/releases/download/v4.29.0"
    assert asset.url == f"{base}/pulumi-resource-kubernetes-v4.29.0-darwin-arm64.tar.gz"
    assert asset.checksums == f"{base}/pulumi-kubernetes_4.29.0_checksums.txt"
