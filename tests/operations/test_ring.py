"""The canary tenants go first: what is theirs and what is everybody's, and nothing of those that wait."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from config.load import load
from operations.errors import OperationError
from operations.ring import held_back
from tests.operations.recorded import preview
from tests.unit.asked import ACME, BETA, SECOND, project

_WAITING = ("carol", "dave")


def test_every_resource_of_a_tenant_that_waits_is_left_out_and_no_other(tmp_path: Path) -> None:
    """Against every resource that the real engine had in a preview."""
    root = project(tmp_path)
    for file in (ACME, BETA):
        (root / file).unlink()
    for name in (*_WAITING, "frank"):
        text = f"company: {name.title()} Inc.\nadmin: {{name: A, email: admin@{name}.example}}\n"
        (root / f"config/tenants/test/{name}.yaml").write_text(text)
    patterns = held_back(load(root, "test"), ["frank"])
    for step in preview("pull_request"):
        urn = f"urn:pulumi:test::clearml-tenants::{step.token}::{step.name}"
        assert any(fnmatchcase(urn, pattern) for pattern in patterns) == (step.tenant in _WAITING), urn


def test_a_tenant_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="'acne' is no tenant of stack test; there are acme, beta"):
        held_back(load(project(tmp_path), "test"), ["acne"])


def test_a_tenant_of_the_ring_does_not_wait_because_it_is_called_like_another(tmp_path: Path) -> None:
    labs = {"config/tenants/test/beta-labs.yaml": SECOND.replace("eta", "eta-labs")}
    environment = load(project(tmp_path, {**labs}), "test")
    with pytest.raises(OperationError, match="beta-labs would wait with beta"):
        held_back(environment, ["beta-labs"])
    assert "**::acme" in held_back(environment, ["beta", "beta-labs"])
