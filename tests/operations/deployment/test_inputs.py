"""Whatever a run depends on is in its digest: random edits of files, and each thing that is beside them."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from operations.deployment.inputs import inputs_of
from tests.operations.files.edits import EDITS, WITHOUT_MEANING, Files, meaning
from tests.workflows.github.model import ROOT
from tests.workflows.github.site import copy_of_this

STACK = "prod"
_ENGINE = "v3.276.0"
_VARIABLES = {"PATH": "/usr/bin", "HOME": "/home/x"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project, as a checkout of it."""
    folder = tmp_path_factory.mktemp("whole")
    copy_of_this(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A stack's files and a program in one file."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "config", folder / "config")
    (folder / "__main__.py").write_text("print()\n")
    (folder / "requirements.txt").write_text("pulumi==3.2.1 \\\n    --hash=sha256:aa\nPyYAML==6.0 \\\n")
    packages = folder / ".venv" / "lib" / "python3.13" / "site-packages"
    for name in ("pulumi-3.2.1", "pyyaml-6.0", "pytest-9.0"):
        (packages / f"{name}.dist-info").mkdir(parents=True)
    (folder / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.13.1\n")
    return folder


def _digest(root: Path, engine: str = _ENGINE, **variables: str) -> str:
    return inputs_of(root, STACK, engine, {**_VARIABLES, **variables}).digest


def _files(root: Path) -> Files:
    paths = [root / "config" / f"Pulumi.{STACK}.yaml", *(root / "config" / "tenants" / STACK).iterdir()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _write(root: Path, files: Files) -> None:
    shutil.rmtree(root / "config" / "tenants" / STACK)
    (root / "config" / "tenants" / STACK).mkdir()
    (root / "config" / f"Pulumi.{STACK}.yaml").unlink(missing_ok=True)
    for path, content in files.items():
        (root / path).write_bytes(content)


def test_no_edit_of_the_stacks_files_is_missed(project: Path) -> None:
    """The thousand edits of people, tools and attackers; and none that is taken back is seen."""
    chance, before, first = random.Random(18), _files(project), _digest(project)  # noqa: S311 - seeded
    differing = meant = 0
    for _ in range(1000):
        after = dict(before)
        for edit in chance.choices([*EDITS, *WITHOUT_MEANING], k=chance.choice([1, 1, 2])):
            edit(after, chance)
        _write(project, after)
        found = _digest(project)
        assert (found == first) == (after == before)
        differing += after != before
        meant += meaning(after) != meaning(before)
    assert (differing > 900, meant > 600) == (True, True), (differing, meant)
    _write(project, before)
    assert _digest(project) == first


def test_no_edit_of_the_program_is_missed(whole: Path) -> None:
    """Any file that a run may read: a byte, a line, gone, renamed, new beside it."""
    chance, first = random.Random(4), _digest(whole)  # noqa: S311 - seeded
    folders = ("components", "settings", "operations", "local", "config/schema", "policy")
    files = sorted(path for folder in folders for path in (whole / folder).rglob("*") if path.is_file())
    # The emulator is no run's; see test_kinds_of_change.py.
    files = [path for path in files if not path.is_relative_to(whole / "local" / "emulator")]
    files += [whole / name for name in ("__main__.py", "Pulumi.yaml", "requirements.txt", "Makefile")]
    edits: list[Callable[[Path], None]] = [_one_byte, _one_line, Path.unlink, _renamed, _one_more]
    for path in chance.sample(files, 60):
        content = path.read_bytes()
        chance.choice(edits)(path)
        assert _digest(whole) != first, path
        for other in (path.with_name(f"{path.name}.other"), path.with_name("one_more.py")):
            other.unlink(missing_ok=True)
        path.write_bytes(content)
    assert _digest(whole) == first


def _one_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _one_line(path: Path) -> None:
    path.write_bytes(b"\n" + path.read_bytes())


def _renamed(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}.other"))


def _one_more(path: Path) -> None:
    path.with_name("one_more.py").write_text("")


@pytest.mark.parametrize(
    "path",
    [
        "docs/how-to.md",
        "README.md",
        "tests/unit/asked.py",
        ".github/workflows/deploy.yml",
        "config/Pulumi.staging.yaml",
        "config/tenants/staging/globex.yaml",
        "components/__pycache__/x.pyc",
        ".venv/lib/python3.13/site-packages/x.py",
    ],
)
def test_what_no_run_reads_changes_nothing(project: Path, path: str) -> None:
    first = _digest(project)
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text("changed\n")
    assert _digest(project) == first


def _other_package(root: Path) -> None:
    packages = root / ".venv" / "lib" / "python3.13" / "site-packages"
    (packages / "pyyaml-6.0.dist-info").rename(packages / "PyYAML-6.0.1.dist-info")


def _other_python(root: Path) -> None:
    (root / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.13.2\n")


def _stray_file(root: Path) -> None:
    (root / "config" / "tenants" / "acme.yaml").write_text("company: Acme\n")


def _folder_behind_a_link(root: Path) -> None:
    (root.parent / "outside" / "below" / "file").write_text("other")


def _chart_outside(root: Path) -> None:
    (root.parent / "chart" / "values.yaml").write_text("other: 1\n")


def _packed_chart_outside(root: Path) -> None:
    (root.parent / "agent-1.0.0.tgz").write_text("other")


def _authority(root: Path) -> None:
    (root.parent / "ca.pem").write_text("other")


@pytest.mark.parametrize(
    "change",
    [
        _other_package,
        _other_python,
        _stray_file,
        _folder_behind_a_link,
        _chart_outside,
        _packed_chart_outside,
        _authority,
    ],
)
def test_what_stands_beside_the_files_counts(project: Path, change: Callable[[Path], None]) -> None:
    (project.parent / "outside" / "below").mkdir(parents=True)
    (project.parent / "outside" / "below" / "file").write_text("one")
    (project / "settings").symlink_to("../outside")
    (project.parent / "outside" / "circle").symlink_to(".")
    (project.parent / "chart").mkdir()
    (project.parent / "agent-1.0.0.tgz").write_text("one")
    (project.parent / "ca.pem").write_text("one")
    file = project / "config" / f"Pulumi.{STACK}.yaml"
    told = file.read_text().replace("chart: oci://docker.io/clearml/clearml-enterprise\n", "chart: ../chart\n")
    told = told.replace("chart: oci://docker.io/clearml/clearml-enterprise-agent\n", "chart: ../agent-1.0.0.tgz\n")
    file.write_text(told.replace("config:\n", "config:\n  clearml-tenants:apiCaFile: ../ca.pem\n"))
    assert "../chart" in file.read_text()
    assert "../agent-1.0.0.tgz" in file.read_text()
    first = _digest(project)
    change(project)
    assert _digest(project) != first


def test_engine_variables_and_plugins_on_the_path_count(project: Path, tmp_path: Path) -> None:
    first = _digest(project)
    assert _digest(project, engine="v3.277.0") != first
    assert _digest(project, CLEARML_API_URL="https://other.example.com") != first
    assert _digest(project, PULUMI_K8S_UPSERT_EXISTING_OBJECTS="true") != first
    assert _digest(project, PULUMI_CONFIG_PASSPHRASE="x", TERM="dumb") == first
    plugin = tmp_path / "bin" / "pulumi-resource-kubernetes"
    plugin.parent.mkdir()
    plugin.write_text("one")
    with_plugin = _digest(project, PATH=f"/usr/bin{os.pathsep}{plugin.parent}")
    assert with_plugin != first
    plugin.write_text("other")
    assert _digest(project, PATH=f"/usr/bin{os.pathsep}{plugin.parent}") != with_plugin


def test_another_cluster_under_the_same_context_counts(project: Path, tmp_path: Path) -> None:
    first, file = _digest(project), tmp_path / "kubeconfig"
    file.write_text("server: https://one.example")
    one = _digest(project, KUBECONFIG=str(file))
    file.write_text("server: https://two.example")
    assert len({first, one, _digest(project, KUBECONFIG=str(file))}) == 3
    (tmp_path / ".kube").mkdir()
    file.rename(tmp_path / ".kube" / "config")
    assert _digest(project, HOME=str(tmp_path)) != first


def test_a_package_that_is_not_the_programs_does_not_count(project: Path) -> None:
    first = _digest(project)
    (project / ".venv" / "lib" / "python3.13" / "site-packages" / "ruff-1.0.dist-info").mkdir()
    assert _digest(project) == first


@pytest.mark.parametrize("text", ["environment: [shared]\nconfig: {}\n", "config: [\n", "- 1\n", "config: 1\n"])
def test_inputs_that_nobody_can_know_have_no_digest(project: Path, text: str) -> None:
    (project / "config" / f"Pulumi.{STACK}.yaml").write_text(text)
    assert _digest(project) == ""
