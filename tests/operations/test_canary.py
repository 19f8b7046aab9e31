"""The canary tenants go first: what is theirs and what is everybody's, and nothing of those that wait."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from operations.errors import OperationError
from operations.github.canary import excluded_targets
from settings.loading.load import load
from tests.operations.recorded import preview
from tests.unit.asked import ACME, BETA, SECOND, load_project, project

_WAITING = ("carol", "dave")
_ROOT = "urn:pulumi:test::clearml-tenants::"
_COMPANY = f"{_ROOT}clearml:tenant:Tenant$pulumi-python:dynamic/clearml:Company::"


def _recorded(name: str, admin: str, provider: str = "kubernetes") -> list[dict[str, Any]]:
    """A tenant in the state, with what a cluster's provider made for it."""
    component, namespace = f"{_ROOT}clearml:tenant:Tenant::{name}", f"{_ROOT}clearml:tenant:Tenant$x:Namespace::{name}"
    made_by = f"{_ROOT}pulumi:providers:kubernetes::{provider}"
    company = {"urn": f"{_COMPANY}{name}", "type": "pulumi-python:dynamic/clearml:Company", "parent": component}
    return [
        {"urn": made_by, "type": "pulumi:providers:kubernetes"},
        {"urn": component, "type": "clearml:tenant:Tenant"},
        {**company, "inputs": {"admin_email": admin}},
        {"urn": namespace, "type": "x:Namespace", "parent": component, "provider": f"{made_by}::id"},
    ]


def test_every_resource_of_a_tenant_that_waits_is_left_out_and_no_other(tmp_path: Path) -> None:
    """Against every resource that the real engine had in a preview."""
    root = project(tmp_path)
    for file in (ACME, BETA):
        (root / file).unlink()
    for name in (*_WAITING, "frank"):
        text = f"company: {name.title()} Inc.\nadmin: {{name: A, email: admin@{name}.example}}\n"
        (root / f"config/tenants/test/{name}.yaml").write_text(text)
    patterns = excluded_targets(load(root, "test"), ["frank"], [])
    for step in preview("pull_request"):
        urn = f"urn:pulumi:test::clearml-tenants::{step.token}::{step.name}"
        assert any(fnmatchcase(urn, pattern) for pattern in patterns) == (step.tenant in _WAITING), urn


def test_a_tenant_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="'acne' is no tenant of stack test; there are acme, beta"):
        excluded_targets(load_project(tmp_path), ["acne"], [])


def test_a_stack_of_which_no_tenant_is_in_the_ring_has_none(tmp_path: Path) -> None:
    """The ring is the environment's, and its tenants may all be in shards."""
    root = project(tmp_path, {"config/tenants/test/01/labs.yaml": SECOND.replace("eta", "labs")})
    (root / "config" / "Pulumi.test-01.yaml").symlink_to("Pulumi.test.yaml")
    assert excluded_targets(load(root, "test"), ["labs"], []) == []
    assert "**::beta" in excluded_targets(load(root, "test"), ["labs", "acme"], [])
    assert excluded_targets(load(root, "test-01"), ["labs", "acme"], []) == []
    with pytest.raises(OperationError, match="'acne' is no tenant of stack test; there are acme, beta, labs"):
        excluded_targets(load(root, "test-01"), ["acne"], [])


def test_a_tenant_of_the_ring_does_not_wait_because_it_is_called_like_another(tmp_path: Path) -> None:
    labs = {"config/tenants/test/beta-labs.yaml": SECOND.replace("eta", "eta-labs")}
    environment = load_project(tmp_path, {**labs})
    with pytest.raises(OperationError, match="beta-labs would wait with beta"):
        excluded_targets(environment, ["beta-labs"], [])
    assert "**::acme" in excluded_targets(environment, ["beta", "beta-labs"], [])


@pytest.mark.parametrize("admin", ["Admin@acme.example", "admin@gone.example"])
def test_what_was_made_under_another_name_waits_resource_by_resource(tmp_path: Path, admin: str) -> None:
    """Of a tenant outside that is renamed, or removed; also where one of the ring is called alike."""
    labs = {"config/tenants/test/old-labs.yaml": SECOND.replace("eta", "eta-labs")}
    environment = load_project(tmp_path, {**labs})
    provider, *tenant = _recorded("old", admin)
    ring = _recorded("old-labs", "admin@beta-labs.example")
    patterns = excluded_targets(environment, ["old-labs"], [provider, *tenant, *ring])
    assert {each["urn"] for each in tenant} <= set(patterns)
    for each in (provider, *ring):
        assert not any(fnmatchcase(each["urn"], pattern) for pattern in patterns), each["urn"]


def test_one_that_is_renamed_in_the_ring_leaves_its_old_name_with_the_ring(tmp_path: Path) -> None:
    environment = load_project(tmp_path)
    for recorded in (_recorded("old", "Admin@beta.example"), _recorded("acme", "admin@acme.example")):
        assert excluded_targets(environment, ["beta"], recorded) == excluded_targets(environment, ["beta"], [])


def test_the_way_to_a_cluster_that_only_such_a_tenant_is_in_stays_with_it(tmp_path: Path) -> None:
    environment = load_project(tmp_path)
    provider, *_ = recorded = _recorded("old", "admin@gone.example", "kubernetes/context/far")
    assert provider["urn"] in excluded_targets(environment, ["beta"], recorded)
