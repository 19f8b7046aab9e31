"""`make up`, and plain pulumi after `make env`, where Pulumi's own executables are installed, in each of their layouts.

Each brings a launcher that runs the first python3 on PATH, which here has no `pulumi`; and the shell is one that is set
to other projects' Pythons, in a checkout whose path has spaces.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.toolchain import cache, install_tools
from local.toolchain.catalogue import CATALOGUE
from local.toolchain.machine import Machine
from tests.e2e.engine.official_release import archive, lay_out
from tests.e2e.site import Run, Site, changed
from tests.local.toolchain.release_host import Host, release_host, sums

_SYSTEM = ("/usr/local/bin", "/usr/bin", "/bin")
_FOREIGN_PULUMI = "raise ImportError('the pulumi of another project')\n"


@dataclass
class Person:
    """A person's machine: a checkout whose path has spaces, and what their shell holds."""

    site: Site
    folder: Path
    engine: Path
    host: Host

    def make(self, command: str, variables: Mapping[str, str]) -> Run:
        return self._run(["make", "--no-print-directory", command], variables)

    def plain(self, command: str, variables: Mapping[str, str]) -> Run:
        script = f'eval "$(make --no-print-directory env)"\n{command}'
        return self._run(["bash", "-euo", "pipefail", "-c", script], variables)

    def _run(self, command: list[str], variables: Mapping[str, str]) -> Run:
        done = subprocess.run(
            command,
            cwd=self.site.root,
            env={**self.site.environment(), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=400,
        )
        return Run(done.returncode, done.stdout, 0)

    def shell(self, *on_path: Path) -> dict[str, str]:
        """Variables of a shell with these folders on PATH, behind a Python that has no `pulumi`."""
        foreign = self.folder / "another project"
        python = foreign / "bin" / "python3"
        if not python.exists():
            python.parent.mkdir(parents=True)
            python.write_text(f'#!/bin/sh\nexec "{sys.base_prefix}/bin/python3" -I "$@"\n')
            python.chmod(0o755)
            (foreign / "pulumi").mkdir()
            (foreign / "pulumi" / "__init__.py").write_text(_FOREIGN_PULUMI)
        return {
            "PATH": ":".join(map(str, [python.parent, *on_path, *_SYSTEM])),
            "VIRTUAL_ENV": str(foreign),
            "PYTHONPATH": str(foreign),
            "PULUMI_RUNTIME_TOOLCHAIN": "poetry",
            "POETRY_ACTIVE": "1",
            "UV_PROJECT_ENVIRONMENT": str(foreign),
        }


def _downloaded(person: Person) -> dict[str, str]:
    """Nothing is installed; `make` downloads the release, with what is bundled, into a cache that has all else."""
    fresh = person.folder / "a cache"
    for each in (cache.root() / "tools").glob("*/[!.]*"):
        if each.parent.name != "pulumi":
            (fresh / "tools" / each.parent.name).mkdir(parents=True, exist_ok=True)
            (fresh / "tools" / each.parent.name / each.name).symlink_to(each)
    asset = CATALOGUE["pulumi"].release.asset(CATALOGUE["pulumi"].version, Machine.this())
    assert asset is not None
    catalogue = person.site.root / "local" / "toolchain" / "catalogue.py"
    github = 'GITHUB = "https://github.com"'
    assert github in catalogue.read_text()
    catalogue.write_text(catalogue.read_text().replace(github, f'GITHUB = "{person.host.url}"'))
    file, checksums = (url.removeprefix("https://github.com/") for url in (asset.url, asset.checksums))
    content = archive(person.engine)
    person.host.files = {file: content, checksums: sums({asset.file: content})}
    return {**person.shell(), "CLEARML_TENANTS_CACHE": str(fresh)}


def _package_manager(person: Person) -> dict[str, str]:
    """As Homebrew does it: a folder for each version, and links to it in the one folder on PATH."""
    cellar = lay_out(person.engine, person.folder / "brew" / "Cellar" / "pulumi" / "3" / "bin")
    links = person.folder / "brew" / "bin"
    links.mkdir()
    for each in cellar.iterdir():
        (links / each.name).symlink_to(Path("..") / each.relative_to(person.folder / "brew"))
    return person.shell(links)


def _installer(person: Person) -> dict[str, str]:
    """As the official installer does it: the user's own `~/.pulumi/bin`, on PATH."""
    return person.shell(lay_out(person.engine, person.site.home / ".pulumi" / "bin"))


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    folder = tmp_path_factory.mktemp("a person")
    site = Site.copy(folder / "a check out" / "project")
    engine = install_tools(["pulumi"])["pulumi"].path
    with release_host() as host:
        yield Person(site, folder, engine, host)
    site.run("down")


_LAYOUTS: Mapping[str, Callable[[Person], dict[str, str]]] = {
    "downloaded": _downloaded,
    "package-manager": _package_manager,
    "installer": _installer,
}


@pytest.mark.parametrize("layout", _LAYOUTS)
def test_everything_runs_on_the_projects_own_python(person: Person, layout: str) -> None:
    variables = _LAYOUTS[layout](person)
    user = f"{layout}@partner.example"
    person.site.edit_tenant("acme", {"signIn": {"users": [user]}})

    done = person.make("up", variables)
    assert done.code == 0, done.output
    assert changed(done.output) >= 1, done.output
    assert "Traceback" not in done.output

    plain = person.plain("pulumi preview --stack local --non-interactive --expect-no-changes --diff", variables)
    assert plain.code == 0, plain.output
    assert "$PATH" not in plain.output
    person.site.edit_tenant("acme", {"signIn": {"users": [f"plain-{user}"]}})
    plain = person.plain("pulumi up --stack local --non-interactive --yes --skip-preview", variables)
    assert plain.code == 0, plain.output
    assert person.site.outputs()["tenants"]["acme"]["signIn"]["users"] == [f"plain-{user}"]

    # The engine in use, and its language host, are this layout's.
    used = person.site.data / "bin"
    engine = (used / "pulumi").resolve()
    assert person.folder in engine.parents
    assert (used / "pulumi-language-python").resolve() == engine.with_name("pulumi-language-python")
