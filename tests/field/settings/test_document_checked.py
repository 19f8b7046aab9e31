"""The document's own examples pass `make check`: what depends on a licence is only a warning."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components import value_conflicts
from settings.check_command import run
from settings.features.effective import expected_of_admin, layers_of
from settings.loading.load import Environment, load
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, project
from tests.unit.components.values.test_document_values import SAID
from tests.unit.document import STACK_KEYS

TENANTS: dict[str, str] = {
    "Enabling Features Per Tenant": "features: [sso_management, user_management_advanced]\n",
    "Override Options": "features: [experiments]\nexcludeFeatures: [app_management, applications, user_management]\n"
    "allowedUsers: 10\n",
}


def asked(folder: Path, said: Mapping[str, Any], tenant: str = "") -> Path:
    """The project with what a stack says beside the least."""
    content = yaml.safe_load(STACK)
    stack = content["config"]["clearml-tenants:stack"]
    rest = {key: value for key, value in said.items() if key != "server"}
    added = {key: value for key, value in said.get("server", {}).items() if key not in STACK_KEYS["server"]}
    stack.update(rest)
    stack["server"].update(added)
    files: dict[str, str | bytes] = {STACK_FILE: yaml.safe_dump(content), ACME: TENANT + tenant}
    return project(folder, files)


def checked(folder: Path, said: Mapping[str, Any], tenant: str = "") -> Environment:
    return load(asked(folder, said, tenant), "test")


@pytest.mark.parametrize("title", SAID)
def test_a_block_of_the_document_passes(tmp_path: Path, title: str) -> None:
    assert run(["--root", str(asked(tmp_path, SAID[title])), "test"], value_conflicts.CHECKS) == 0


@pytest.mark.parametrize("title", TENANTS)
def test_what_the_document_says_of_a_tenant_passes(tmp_path: Path, title: str) -> None:
    checked(tmp_path, {}, TENANTS[title])


@pytest.mark.parametrize(
    ("groups", "word"),
    [
        ({"users": {"features": ["applications"]}}, "'applications' is enabled neither"),
        ({"users": {"features": []}}, "leaves nobody any feature"),
        ({"admins": {"features": ["reports", "pipelines"]}}, "reports, pipelines are enabled neither"),
        ({"queue_admins": {"features": ["queue_management"]}}, "'queue_management' is enabled neither"),
        ({"data": {"name": "Data", "features": ["show_projects"]}}, "'show_projects' is enabled neither"),
        ({"data": {"name": "Data", "features": []}}, "lets nothing through"),
    ],
)
def test_what_depends_on_the_server_is_a_warning(tmp_path: Path, groups: Mapping[str, Any], word: str) -> None:
    warnings = [each.message for each in checked(tmp_path, {"groups": groups}).warnings]
    assert any(word in each for each in warnings), warnings


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("custom_events", "a newer server may have it"),
        ("aplications", "did you mean 'applications'?"),
        ("report", "did you mean 'reports'?"),
        ("show_dashbord", "did you mean 'show_dashboard'?"),
        ("quantum_experiments_of_next_year", "a newer server may have it"),
    ],
)
@pytest.mark.parametrize("where", ["server", "tenant", "exclusion", "group", "role"])
def test_an_unknown_feature_is_a_warning_wherever_it_stands(tmp_path: Path, name: str, hint: str, where: str) -> None:
    stack: dict[str, dict[str, Any]] = {
        "server": {"features": {name: True}},
        "group": {"groups": {"users": {"features": [name]}}},
        "role": {"uiFeaturesPerRole": {"user": {name: False}}},
    }
    tenant = {"tenant": f"features: [{name}]\n", "exclusion": f"excludeFeatures: [{name}]\n"}
    environment = checked(tmp_path, stack.get(where, {}), tenant.get(where, ""))
    (said,) = [each for each in environment.warnings if "no feature that is known here" in each.message]
    assert said.message.startswith(f"{name!r} is no feature")
    assert hint in said.message
    assert said.where.file == (ACME if where in tenant else STACK_FILE)


def test_a_run_does_not_wait_for_a_feature_that_nobody_knows(tmp_path: Path) -> None:
    environment = checked(tmp_path, {}, "features: [reports, custom_events]\n")
    expected = expected_of_admin(layers_of(environment.stack, environment.tenants[0]))
    assert expected["reports"]
    assert "custom_events" not in expected


@pytest.mark.parametrize(
    ("tenant", "word"),
    [
        ("features: [reports, reports]\n", "twice"),
        ("features: [reports]\nexcludeFeatures: [reports]\n", "in features too"),
    ],
)
def test_what_is_certain_is_an_error(tmp_path: Path, tenant: str, word: str) -> None:
    with pytest.raises(Exception, match=word):
        checked(tmp_path, {}, tenant)
