"""`make tenant`: one command, and the file is there and valid, or one line says why it is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from operations.__main__ import main
from settings.loading.load import load
from settings.models.tenant import Tenant
from tests.unit.asked import ACME, STACK, STACK_FILE, project

_FILE = "config/tenants/test/gamma-labs.yaml"
ROOT = Path(__file__).resolve().parents[2]


def _run(root: Path, *options: str) -> int:
    return main(["--root", str(root), "tenant", "--stack", "test", *options])


def _tenant(root: Path, name: str) -> Tenant:
    (found,) = [tenant for tenant in load(root, "test").tenants if tenant.name == name]
    return found


def test_a_name_and_a_domain_make_a_whole_tenant(tmp_path: Path) -> None:
    assert _run(project(tmp_path), "--name", "gamma-labs", "--domain", "gamma.example") == 0
    made = _tenant(tmp_path, "gamma-labs")
    assert (made.company, made.admin.name, made.admin.email) == (
        "Gamma Labs", "Gamma Labs Admin", "admin@gamma.example",
    )  # fmt: skip
    assert made.sign_in.domains == ("gamma.example",)
    assert made.protect
    assert made.gateway
    assert made.gateway.host_name == "router.gamma-labs.clearml.example.com"


def test_a_name_alone_makes_a_tenant_that_nobody_is_routed_to(tmp_path: Path) -> None:
    assert _run(project(tmp_path), "--name", "gamma-labs") == 0
    made = _tenant(tmp_path, "gamma-labs")
    assert made.admin.email == "gamma-labs-admin@clearml.example.com"
    assert not made.sign_in.domains


def test_the_lines_shown_as_comments_can_be_uncommented(tmp_path: Path) -> None:
    assert _run(project(tmp_path), "--name", "gamma-labs") == 0
    path = tmp_path / _FILE
    head, _, rest = path.read_text().partition("# signIn:")
    shown, _, tail = rest.partition("\nagent:")
    path.write_text(f"{head}signIn:{shown.replace(chr(10) + '#   ', chr(10) + '  ')}\nagent:{tail}".replace(
        "acme.example", "gamma.example"))  # fmt: skip
    assert _tenant(tmp_path, "gamma-labs").sign_in.admins == ("jane@partner.example",)


@pytest.mark.parametrize("company", ["Gamma: #1 & Söhne", "on", "'quoted'", '"', "1234", "{x}", "x" * 300])
def test_a_companys_name_arrives_as_it_was_written(tmp_path: Path, company: str) -> None:
    company = company.ljust(3, "!")
    assert _run(project(tmp_path), "--name", "gamma-labs", "--company", company) == 0
    assert _tenant(tmp_path, "gamma-labs").company == company


def test_a_domain_of_another_tenant_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fault is found in whichever file comes later in the alphabet: here it is not the new one."""
    assert _run(project(tmp_path), "--name", "aa", "--company", "Aardvark", "--domain", "beta.example") == 1
    told = capsys.readouterr().err.splitlines()
    assert told
    assert any("'beta.example' is already the domain at signIn.domains[0] of tenant aa" in line for line in told)
    assert all(line.startswith("error: config/tenants/test/") for line in told)
    assert not (tmp_path / "config/tenants/test/aa.yaml").exists()


def test_a_tenants_file_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project(tmp_path) / ACME).read_text()
    assert _run(tmp_path, "--name", "acme") == 1
    assert capsys.readouterr().err == f"error: {ACME}: is there already; edit it, or choose another NAME\n"
    assert (tmp_path / ACME).read_text() == before


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--name", "Acme"], "NAME: 'Acme' is not a tenant's name"),
        (["--name", "../acme"], "NAME: '../acme' is not a tenant's name"),
        (["--name", "x"], f"{_FILE.replace('gamma-labs', 'x')}: x: company: 'X' is not a company's name"),
        (["--name", "gamma-labs", "--domain", "nowhere"], f"{_FILE}: gamma-labs: admin.email: 'admin@nowhere'"),
        (["--name", "gamma-labs", "--stack", "prd"], "config/Pulumi.prd.yaml: no such file; stacks here: test"),
        ([], "NAME: is missing; write it like make tenant NAME=acme STACK=prod"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], line: str
) -> None:
    files = sorted(project(tmp_path).rglob("*.yaml"))
    assert _run(tmp_path, *options) == 1
    assert capsys.readouterr().err.startswith(f"error: {line}")
    assert sorted(tmp_path.rglob("*.yaml")) == files


def test_what_was_wrong_before_is_told_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, {STACK_FILE: STACK.replace("kubeContext", "kubecontext")})
    assert _run(tmp_path, "--name", "gamma-labs") == 1
    assert capsys.readouterr().err.startswith(f"error: {STACK_FILE}: ")
    assert not (tmp_path / _FILE).exists()


def test_make_passes_on_what_a_person_wrote_without_a_shell_reading_it(tmp_path: Path) -> None:
    project(tmp_path)
    command = ["make", "--silent", "-f", str(ROOT / "Makefile"), "-o", ".venv/.ready", "tenant", "NAME=gamma-labs"]
    run = f"RUN={sys.executable} -m operations --root {tmp_path} tenant #"
    company = 'O\'Gamma; echo `id` "&"'
    subprocess.run([*command, "STACK=test", f"COMPANY={company}", run], cwd=ROOT, check=True)
    assert yaml.safe_load((tmp_path / _FILE).read_text())["company"] == company
