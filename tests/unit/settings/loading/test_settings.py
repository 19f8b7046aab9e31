"""What the files ask for is what is deployed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from settings.loading.load import load
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, project

ROOT = Path(__file__).resolve().parents[4]


def test_the_local_stack_of_this_repository_is_valid() -> None:
    environment = load(ROOT, "local")
    assert environment.stack.kube_context == "kwok-clearml-tenants"
    (acme,) = environment.tenants
    assert acme.name == "acme"
    assert acme.sign_in.domains
    assert acme.sign_in.admins
    assert acme.sign_in.users
    assert acme.agent
    assert acme.gateway
    assert not acme.protect


def test_a_file_is_a_tenant_and_its_name_is_the_tenants(tmp_path: Path) -> None:
    tenants = load_project(tmp_path).tenants
    assert [tenant.name for tenant in tenants] == ["acme", "beta"]
    assert tenants[0].namespace == "acme"
    assert tenants[0].release_of("agent") == "acme-agent"
    assert tenants[0].release_of("gateway") == "acme-gateway"
    assert tenants[1].agent is None


def test_a_tenant_is_protected_unless_it_says_otherwise(tmp_path: Path) -> None:
    acme, _ = load_project(tmp_path).tenants
    assert acme.protect


def test_a_stack_without_tenants_is_fine(tmp_path: Path) -> None:
    root = project(tmp_path)
    for path in (root / "config/tenants/test").iterdir():
        path.unlink()
    assert load(root, "test").tenants == ()


def test_other_files_beside_the_tenants_are_left_alone(tmp_path: Path) -> None:
    extra: dict[str, str | bytes] = {
        f"config/tenants/test/{name}": "?" for name in ("README.md", ".acme.yaml.swp", "a.yaml~")
    }
    assert len(load_project(tmp_path, extra).tenants) == 2


def test_what_dns_says_is_the_same_domain_is_written_the_same(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {ACME: TENANT.replace("[acme.example]", "[Acme.EXAMPLE.]")}
    acme, _ = load_project(tmp_path, files).tenants
    assert acme.sign_in.domains == ("acme.example",)


def test_the_local_part_of_an_email_stays_as_written(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {ACME: TENANT.replace("ann@partner.example", "Ann.O'Hara+x@Partner.example")}
    acme, _ = load_project(tmp_path, files).tenants
    assert acme.sign_in.admins == ("Ann.O'Hara+x@partner.example",)


@pytest.mark.parametrize("text", ["no", "on", "y"])
def test_a_word_that_old_yaml_takes_for_something_else_is_a_text(tmp_path: Path, text: str) -> None:
    files: dict[str, str | bytes] = {STACK_FILE: STACK.replace("kubeContext: somewhere", f"kubeContext: {text}")}
    assert load_project(tmp_path, files).stack.kube_context == text


def test_settings_cannot_be_changed_after_the_checks(tmp_path: Path) -> None:
    acme, _ = load_project(tmp_path).tenants
    with pytest.raises(ValidationError):
        acme.company = "Other"  # type: ignore[misc]


def test_secrets_of_the_file_are_not_in_what_is_loaded(tmp_path: Path) -> None:
    assert "v1:" not in repr(load_project(tmp_path))


def test_a_number_that_pulumi_rewrote_as_a_text_is_still_a_number(tmp_path: Path) -> None:
    """`pulumi config set` writes every scalar of the stack's file anew, in quotes."""
    stack = STACK.replace(
        "  clearml-tenants:stack:", '  clearml-tenants:apiWaitSeconds: "60"\n  clearml-tenants:stack:'
    )
    assert load_project(tmp_path, {STACK_FILE: stack}).name == "test"
