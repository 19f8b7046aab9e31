"""Each kind of change, and which of an environment's stacks it makes run: no fewer, and no more.

What changes a state, and no file: `tests/api/deployment`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from operations.deployment.inputs import inputs_of
from tests.unit.asked import SECOND, project

PLATFORM, ONE, TWO = "test", "test-01", "test-02"
ALL = {PLATFORM, ONE, TWO}
Change = Callable[[Path], object]
_CONFIG = "config"
_STACK, _TENANTS = f"{_CONFIG}/Pulumi.test.yaml", f"{_CONFIG}/tenants/test"
_TENANT = f"{_TENANTS}/01/gamma.yaml"
_SITE = ".venv/lib/python3.13/site-packages"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform with two tenants, a shard with one, an empty shard, another environment, and a program."""
    folder = project(tmp_path / "project")
    for shard in ("01", "02"):
        (folder / f"{_CONFIG}/Pulumi.test-{shard}.yaml").symlink_to("Pulumi.test.yaml")
        (folder / f"{_TENANTS}/{shard}").mkdir()
    (folder / _TENANT).write_text(SECOND.replace("Beta", "Gamma").replace("beta", "gamma"))
    for path, text in {
        f"{_CONFIG}/Pulumi.other.yaml": "config: {}\n",
        f"{_CONFIG}/tenants/other/acme.yaml": "company: Acme\n",
        "__main__.py": "print()\n",
        "components/tenant.py": "x = 1\n",
        "local/plugins/random.py": "x = 1\n",
        "charts/agent/Chart.yaml": "name: agent\n",
        "requirements.txt": "pulumi[more]==3.2.1 \\\n    --hash=sha256:aa\n",
        ".venv/pyvenv.cfg": "version = 3.13.1\n",
        "more/pyvenv.cfg": "version = 3.13.1\n",
        f"{_SITE}/pulumi-3.2.1.dist-info/METADATA": "",
        "../bin/pulumi": "engine",
        "../bin/pulumi-language-python": "engine",
        "../bin/pulumi-resource-kubernetes": "plugin",
        "../kubeconfig": "server: https://one.example\ncurrent-context: one\n",
        "../ca.pem": "one",
    }.items():
        _write(path, text)(folder)
    (tmp_path / "bin" / "pulumi").chmod(0o755)
    _replace(_STACK, "config:\n", "config:\n  clearml-tenants:apiCaFile: ../ca.pem\n")(folder)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    return folder


def _write(path: str, text: str) -> Change:
    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return change


def _replace(path: str, before: str, after: str) -> Change:
    def change(root: Path) -> None:
        text = (root / path).read_bytes().decode()
        assert before in text
        (root / path).write_bytes(text.replace(before, after).encode())

    return change


def _move(path: str, target: str) -> Change:
    return lambda root: (root / path).rename(root / target)


def _link(path: str, target: str) -> Change:
    def change(root: Path) -> None:
        (root / path).unlink(missing_ok=True)
        (root / path).symlink_to(target)

    return change


def _unlink(path: str) -> Change:
    return lambda root: (root / path).unlink()


def _link_to_what_it_was(root: Path) -> None:
    shutil.copy(root / _TENANT, root.parent / "copy.yaml")
    _link(_TENANT, str(root.parent / "copy.yaml"))(root)


def _own_file(root: Path) -> None:
    text = (root / _STACK).read_text()
    _unlink(f"{_CONFIG}/Pulumi.test-02.yaml")(root)
    _write(f"{_CONFIG}/Pulumi.test-02.yaml", text)(root)


def _variable(name: str, value: str) -> Change:
    return lambda _: os.environ.__setitem__(name, value)


def _other_python(_: Path) -> None:
    """In place: what the environment says of itself stays."""
    sys.version = f"3.99.1 {sys.version}"


def _kubeconfig_elsewhere(root: Path) -> None:
    _move("../kubeconfig", "../elsewhere")(root)
    os.environ["KUBECONFIG"] = str(root.parent / "elsewhere")


_KINDS: Mapping[str, tuple[Change, set[str]]] = {
    # Tenants' files: the platform knows the rules of all.
    "a tenant's value": (_replace(_TENANT, "Gamma", "Gamma AG"), {PLATFORM, ONE}),
    "a tenant's whitespace": (_replace(_TENANT, ": ", ":  "), {PLATFORM, ONE}),
    "a tenant's comment": (_replace(_TENANT, "\n", " # x\n"), {PLATFORM, ONE}),
    "a tenant's line ends": (_replace(_TENANT, "\n", "\r\n"), {PLATFORM, ONE}),
    "a tenant that is renamed": (_move(_TENANT, f"{_TENANTS}/01/gamma-ag.yaml"), {PLATFORM, ONE}),
    "a tenant that is removed": (_unlink(_TENANT), {PLATFORM, ONE}),
    "a tenant that moves to a shard": (_move(_TENANT, f"{_TENANTS}/02/gamma.yaml"), ALL),
    "a tenant that moves to the platform": (_move(_TENANT, f"{_TENANTS}/gamma.yaml"), {PLATFORM, ONE}),
    "a tenant beside the platform": (_replace(f"{_TENANTS}/acme.yaml", "\n", "\n# x\n"), {PLATFORM}),
    "a new tenant": (_write(f"{_TENANTS}/02/new.yaml", "company: New\n"), {PLATFORM, TWO}),
    "a link to another tenant's text": (_link(_TENANT, "../acme.yaml"), {PLATFORM, ONE}),
    "a link to the same text": (_link_to_what_it_was, set()),
    "a tenant's mode": (lambda root: (root / _TENANT).chmod(0o755), set()),
    "a tenant's time": (lambda root: os.utime(root / _TENANT, (0, 0)), set()),
    # Stacks' files and links.
    "the stack's comment": (_replace(_STACK, "config:\n", "config: # x\n"), ALL),
    "the stack's salt": (_replace(_STACK, "v1:abc", "v1:abd"), ALL),
    "a shard's new link": (_link(f"{_CONFIG}/Pulumi.test-03.yaml", "Pulumi.test.yaml"), {PLATFORM}),
    "a shard's link that is gone": (_unlink(f"{_CONFIG}/Pulumi.test-02.yaml"), {PLATFORM, TWO}),
    "a shard's link that became a copy": (_own_file, {PLATFORM, TWO}),
    "a shard's link to another": (_link(f"{_CONFIG}/Pulumi.test-02.yaml", "Pulumi.other.yaml"), {PLATFORM, TWO}),
    "another environment's stack": (_write(f"{_CONFIG}/Pulumi.other.yaml", "config: {a: 1}\n"), set()),
    "another environment's tenant": (_unlink(f"{_CONFIG}/tenants/other/acme.yaml"), set()),
    # The program.
    "a module": (_write("components/tenant.py", "x = 2\n"), ALL),
    "a module that is gone": (_unlink("components/tenant.py"), ALL),
    "a module that nobody added to git": (_write("components/more.py", ""), ALL),
    "a module without its source": (_write("components/more.pyc", ""), ALL),
    "a cached module": (_write("components/__pycache__/tenant.cpython-313.pyc", ""), set()),
    "a plugin of this project": (_write("local/plugins/random.py", "x = 2\n"), ALL),
    "a policy": (_write("policy/rules.py", ""), ALL),
    "a chart in a folder": (_write("charts/agent/Chart.yaml", "name: other\n"), ALL),
    "the locks' hashes": (_replace("requirements.txt", ":aa", ":ab"), ALL),
    **{f"{path}, which no run reads": (_write(path, "x\n"), set())
       for path in ("docs/x.md", "tests/x.py", "CHANGELOG.md", ".github/x.yml", "rehearsal/x.py", "local/emulator/x.py",
                    "requirements-dev.txt", "requirements-dev.in", "more/bin/python")},
    # What runs it.
    "an installed package": (_move(f"{_SITE}/pulumi-3.2.1.dist-info", f"{_SITE}/pulumi-3.2.0.dist-info"), ALL),
    "an environment of another Python": (_write(".venv/pyvenv.cfg", "version = 3.13.2\n"), ALL),
    "a Python that was upgraded in place": (_other_python, ALL),
    "a plugin beside the engine": (_write("../bin/pulumi-resource-kubernetes", "other plugin"), ALL),
    "what comes with the engine": (_write("../bin/pulumi-language-python", "other engine"), set()),
    "an authority at the same path": (_write("../ca.pem", "two"), ALL),
    "another cluster in the kubeconfig": (_write("../kubeconfig", "server: https://two.example"), ALL),
    "the context that a person chose": (_replace("../kubeconfig", "context: one", "context: two"), set()),
    "the kubeconfig at another path": (_kubeconfig_elsewhere, set()),
    "an API's address": (_variable("CLEARML_API_URL", "https://api.example.net"), ALL),
    "a plugin's variable": (_variable("PULUMI_K8S_ENABLE_DRY_RUN", "true"), ALL),
    "an option of the engine": (_variable("PULUMI_OPTION_TARGET", "**"), ALL),
    "which plugins it takes": (_variable("PULUMI_IGNORE_AMBIENT_PLUGINS", "true"), ALL),
    "who signs in": (_variable("PULUMI_CONFIG_PASSPHRASE", "x"), set()),
}  # fmt: skip


def _digests(root: Path, engine: str = "v3.276.0", removals: Mapping[str, object] | None = None) -> dict[str, str]:
    told = removals or {}
    return {stack: inputs_of(root, stack, engine, os.environ, told.get(stack)).digest for stack in sorted(ALL)}


@pytest.mark.parametrize("kind", _KINDS)
def test_a_change_makes_those_stacks_run_that_it_concerns(
    root: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    change, concerned = _KINDS[kind]
    monkeypatch.setattr(sys, "version", sys.version)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    before = _digests(root)
    assert all(before.values())
    change(root)
    after = _digests(root)
    assert {stack for stack in ALL if after[stack] != before[stack]} == concerned


def test_another_engine_concerns_all_and_a_rule_that_left_a_tenant_its_shard(root: Path) -> None:
    before = _digests(root)
    assert not set(before.items()) & set(_digests(root, "v3.277.0").items())
    after = _digests(root, removals={ONE: {"admin@gamma.example": {"x": 1}}, PLATFORM: json.loads('{"x": 1}')})
    assert {stack for stack in ALL if after[stack] != before[stack]} == {ONE}


@pytest.mark.parametrize("folder", ["components", "config", _TENANTS])
def test_no_file_hides_what_lies_beside_it(root: Path, folder: str) -> None:
    """`python -m venv components`, or one line by somebody who means ill: nothing beside it counted from then on."""
    _write(f"{folder}/pyvenv.cfg", "home = /usr/bin\n")(root)
    before = _digests(root)
    _write(f"{folder}/more.yaml", "x = 2\n")(root)
    assert _digests(root)[PLATFORM] != before[PLATFORM]
