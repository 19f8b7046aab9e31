"""A tenant's features and its user limit: changed in place, read back, kept when the tenant is removed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.clearml.features import FeaturesProvider
from components.clearml.run.refusals import NotApplied, NotInEffect
from components.clearml.run.session import forget_sessions
from tests.api.runs import Tenant, connected, connection
from tests.emulator import Emulator, start_emulator

BOTH = {"applications": "granted", "reports": "granted", "app_management": "excluded"}


class Declared:
    """The features of a tenant that exists, through runs in processes of their own."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        tenant = Tenant(emulator)
        tenant.up()
        self.ids = {"company_id": tenant.state["company"].id, "user_id": tenant.state["admin"].id}
        self.kept: dict[str, Any] = {}

    def up(self, features: dict[str, str], **limits: int) -> bool:
        """Create or change; returns whether there was anything to do."""
        forget_sessions()
        provider = connected(FeaturesProvider, connection(self.emulator))
        inputs = {**self.ids, "features": features, **limits}
        if not self.kept:
            self.kept = provider.create(inputs).outs or {}
            return True
        if not provider.diff("features", self.kept, inputs).changes:
            return False
        self.kept = provider.update("features", self.kept, inputs).outs or {}
        return True

    def refresh(self) -> None:
        forget_sessions()
        self.kept = connected(FeaturesProvider, connection(self.emulator)).read("features", self.kept).outs or {}

    def held(self) -> tuple[Any, Any, Any]:
        """What the server has: features, exclusions, user limit."""
        (company,) = [each for each in self.emulator.state()["companies"] if each["id"] == self.ids["company_id"]]
        return company["features"], company["exclude_features"], company["allowed_users"]


@pytest.fixture
def declared(emulator: Emulator) -> Declared:
    return Declared(emulator)


def test_nothing_declared_is_nothing_called(declared: Declared, emulator: Emulator) -> None:
    before = declared.held()
    emulator.clear_calls()
    declared.up({})
    declared.refresh()
    assert emulator.calls() == []
    assert declared.held() == before


def test_granted_excluded_and_limited_then_changed_in_place(declared: Declared, emulator: Emulator) -> None:
    declared.up(BOTH, allowed_users=10)
    assert declared.held() == (["applications", "reports"], ["app_management"], 10)
    assert declared.up(BOTH, allowed_users=10) is False
    declared.up({"reports": "excluded"}, allowed_users=12)
    assert declared.held() == ([], ["reports"], 12)
    declared.up({}, allowed_users=12)
    assert declared.held() == ([], [], 12)


def test_exclusions_alone_leave_the_features_unset(declared: Declared) -> None:
    """An unset list is not an empty one."""
    before = declared.held()[0]
    declared.up({"reports": "excluded"})
    assert declared.held()[:2] == (before, ["reports"])


def test_a_limit_cannot_be_lifted_and_the_preview_says_so() -> None:
    olds = {"company_id": "1", "features": {}, "allowed_users": 10.0}
    (failure,) = FeaturesProvider().check(olds, {"company_id": "1", "features": {}}).failures
    assert failure.property == "allowed_users"
    assert failure.reason == "the API cannot remove a user limit: put back 10, or write a larger number"
    assert not FeaturesProvider().check(olds, {**olds, "allowed_users": 1000}).failures


def test_changed_by_hand_is_seen_and_put_back(declared: Declared, emulator: Emulator) -> None:
    declared.up(BOTH, allowed_users=10)
    by_hand = {"company": declared.ids["company_id"], "features": ["pipelines"], "allowed_users": 99}
    emulator.data_of("system.update_company_settings", by_hand)
    declared.refresh()
    assert declared.kept["features"] == {"app_management": "excluded", "pipelines": "granted"}
    assert declared.kept["allowed_users"] == 99
    declared.up(BOTH, allowed_users=10)
    assert declared.held() == (["applications", "reports"], ["app_management"], 10)


@pytest.mark.parametrize("as_defaults", [True, False])
def test_server_that_ignores_the_creation_defaults(tmp_path: Path, as_defaults: bool) -> None:
    """It is seen and set by the call for it."""
    assumptions = json.dumps({"defaults_take_features": as_defaults})
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": assumptions})
    try:
        tenant = Tenant(emulator, features=BOTH, allowed_users=10)
        tenant.up()
        (company,) = [each for each in emulator.state()["companies"] if each["name"] == tenant.name]
        assert (company["features"], company["exclude_features"]) == (["applications", "reports"], ["app_management"])
        asked = [call["endpoint"] for call in emulator.calls()]
        assert ("system.update_company_settings" in asked) is not as_defaults
    finally:
        emulator.stop()


def test_what_the_admin_sees_is_compared_with_what_is_expected(tmp_path: Path) -> None:
    """A group without the granted feature keeps it from everybody; every difference is named."""
    groups = {"CLEARML__services__auth__default_groups__users__features": '["reports"]'}
    emulator = start_emulator(tmp_path, groups)
    try:
        declared = Declared(emulator)
        provider = connected(FeaturesProvider, connection(emulator))
        inputs = {**declared.ids, "features": {"applications": "granted", "reports": "granted"}}
        provider.create({**inputs, "expected": {"reports": True, "applications": False}})
        with pytest.raises(NotInEffect, match=r"features without applications, pipelines and features with reports,"):
            provider.create({**inputs, "expected": {"reports": False, "applications": True, "pipelines": True}})
    finally:
        emulator.stop()


def test_what_the_file_does_not_name_is_only_said(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    """A server's own feature that a licence keeps back stops no tenant."""
    inputs = {**Declared(emulator).ids, "features": {"applications": "granted"}}
    provider = connected(FeaturesProvider, connection(emulator))
    provider.create({**inputs, "expected": {"applications": True, "pipelines": True}})
    assert "its admin sees features without pipelines" in capsys.readouterr().out


def test_removal_keeps_the_companys_features(declared: Declared, emulator: Emulator) -> None:
    declared.up(BOTH)
    connected(FeaturesProvider, connection(emulator)).delete("features", declared.kept)
    assert declared.held()[0] == ["applications", "reports"]


@pytest.mark.parametrize("kind", ["refuse", "error-before", "error-after", "lost-answer", "html", "truncated"])
@pytest.mark.parametrize("endpoint", ["system.update_company_settings", "system.company_info"])
def test_faults_are_got_over(declared: Declared, emulator: Emulator, endpoint: str, kind: str) -> None:
    emulator.faults([{"endpoint": endpoint, "kind": kind, "times": 1}])
    declared.up(BOTH, allowed_users=10)
    assert declared.held() == (["applications", "reports"], ["app_management"], 10)


def test_a_server_that_adds_to_the_list_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps({"settings_lists_replace": False})})
    try:
        declared = Declared(emulator)
        declared.up(BOTH)
        with pytest.raises(NotApplied, match=r"features = \[applications\].*needs excludeFeatures"):
            declared.up({"applications": "granted"})
    finally:
        emulator.stop()


def test_a_server_that_does_not_show_features_is_written_to(tmp_path: Path) -> None:
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps({"company_info_shows_features": False})})
    try:
        declared = Declared(emulator)
        declared.up(BOTH)
        assert declared.held()[:2] == (["applications", "reports"], ["app_management"])
        declared.refresh()
        assert declared.kept["features"] == BOTH
    finally:
        emulator.stop()
