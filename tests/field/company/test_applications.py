"""Issue 16.15: what the API documents of a tenant's applications and service accounts is a setting.

Each key that is used here was unknown before.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from components.applications import company_limits
from tests.unit.asked import ACME, TENANT, load_project, refusal

_SAID = [
    ("allowedServiceUsers: 5", {"allowed_service_users": 5}),
    ("allowedServiceUsers: 0", {"allowed_service_users": 0}),
    ("applications: {maxRunning: 20}", {"max_running_apps": 20}),
    ("applications: {categories: [general, AI dev]}", {"supported_application_categories": ["AI dev", "general"]}),
    ("applications: {excludedCategories: [beta]}", {"excluded_application_categories": ["beta"]}),
    ("applications: {ids: [hpo_app]}", {"supported_application_ids": ["hpo_app"]}),
    ("applications: {visibility: {allowed: owner}}", {}),
    ("applications: {}", {}),
]


@pytest.mark.parametrize(("line", "sent"), _SAID)
def test_what_is_written_is_sent(tmp_path: Path, line: str, sent: dict[str, object]) -> None:
    loaded = load_project(tmp_path, {ACME: f"{TENANT}{line}\n"})
    (acme,) = [each for each in loaded.tenants if each.name == "acme"]
    assert company_limits(acme) == sent


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("allowedServiceUsers: -1", "acme: allowedServiceUsers: "),
        ("allowedServiceUsers: '5'", "acme: allowedServiceUsers: "),
        ("applications: {maxRunning: many}", "acme: applications.maxRunning: "),
        ("applications: {categories: general}", "acme: applications.categories: "),
        (
            "applications: {categories: [general], excludedCategories: [general]}",
            "acme: applications: has 'general' in categories and in excludedCategories; keep it in one of the two",
        ),
        ("applications: {visibility: {allowed: group}}", "acme: applications.visibility.allowed: "),
        (
            "applications: {visibility: {applications: {hpo_app: nobody}}}",
            "acme: applications.visibility.applications.",
        ),
        ("applications: {visibility: {adminsSeeAll: 'true'}}", "acme: applications.visibility.adminsSeeAll: "),
        ("applications: {max_running_apps: 20}", "acme: applications.max_running_apps: "),
    ],
)
def test_what_is_wrong_is_told_at_its_key(tmp_path: Path, line: str, told: str) -> None:
    assert told in refusal(tmp_path, {ACME: f"{TENANT}{line}\n"})
