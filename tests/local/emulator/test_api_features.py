"""Which features a user has: server, tenant, exclusions, and the union over groups, through the user's own eyes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator, start_emulator
from tests.local.tenants import Tenant, new_tenant

_GROUP = "CLEARML__services__auth__default_groups__"
_ORGANIZATION = "CLEARML__services__organization__features__"
Start = Callable[..., Emulator]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts an emulator with these variables; `assume` switches assumptions."""
    running: list[Emulator] = []

    def _start(env: dict[str, str], **assume: Any) -> Emulator:
        running.append(start_emulator(tmp_path, {**env, "EMULATOR_ASSUMPTIONS": json.dumps(assume)}))
        return running[-1]

    yield _start
    for each in running:
        each.stop()


def enabled(api: Emulator, features: list[str], exclude: list[str] | None = None) -> Tenant:
    tenant = new_tenant(api)
    body = {"company": tenant.company, "features": features, "exclude_features": exclude or []}
    api.data_of("system.update_company_settings", body)
    return tenant


def seen_by(api: Emulator, user: str) -> list[str]:
    headers = {"X-Clearml-Impersonate-As": user}
    data = api.data_of("users.get_current_user", {"get_supported_features": True}, headers=headers)
    features: list[str] = data["supported_features"]
    return features


def test_without_group_lists_everybody_has_all_of_the_tenants(start: Start) -> None:
    api = start({})
    tenant = enabled(api, ["reports", "pipelines"], exclude=["pipelines"])
    assert tenant.features() == ["reports", "user_management_advanced"]
    assert seen_by(api, tenant.add_user()) == ["reports", "user_management_advanced"]
    assert new_tenant(api).features() == ["user_management_advanced"]


def test_a_users_list_limits_everybody_and_groups_add_up(start: Start) -> None:
    env = {
        f"{_GROUP}users__features": '["applications"]',
        f"{_GROUP}admins__features": '["applications", "reports", "queue_management"]',
        f"{_GROUP}Data_Scientists__id": "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10",
        f"{_GROUP}Data_Scientists__name": '"Data Scientists"',
        f"{_GROUP}Data_Scientists__features": '["pipelines"]',
        f"{_GROUP}Data_Scientists__assignable": "false",
        f"{_GROUP}Data_Scientists__system": "false",
    }
    api = start(env)
    tenant = enabled(api, ["applications", "reports", "pipelines"])
    user = tenant.add_user()
    assert seen_by(api, user) == ["applications"]
    assert tenant.features() == ["applications", "reports"]
    api.set_groups(user, ["data_scientists"])
    assert seen_by(api, user) == ["applications", "pipelines"]
    assert api.state()["features"]["groups"]["data_scientists"] == {
        "id": "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10",
        "name": "Data Scientists",
        "features": ["pipelines"],
        "assignable": False,
        "system": False,
    }


def test_an_empty_users_list_leaves_what_other_groups_grant(start: Start) -> None:
    api = start({f"{_GROUP}users__features": "[]", f"{_GROUP}admins__features": '["reports"]'})
    tenant = enabled(api, ["reports", "pipelines"])
    assert seen_by(api, tenant.add_user()) == []
    assert tenant.features() == ["reports"]


def test_exclusions_take_away_what_the_server_gives(start: Start) -> None:
    api = start({f"{_ORGANIZATION}reports": "true", f"{_ORGANIZATION}pipelines": "false"})
    assert enabled(api, []).features() == ["reports", "user_management_advanced"]
    assert enabled(api, ["pipelines"], exclude=["reports"]).features() == ["pipelines", "user_management_advanced"]


def test_a_missing_comma_makes_one_feature_nobody_has(start: Start) -> None:
    api = start({f"{_GROUP}users__features": '["reports" "pipelines"]'})
    assert enabled(api, ["reports", "pipelines"]).features() == []


def test_group_lists_change_with_a_restart(start: Start) -> None:
    api = start({})
    tenant = enabled(api, ["reports"])
    api.restart({f"{_GROUP}users__features": "[]"})
    assert tenant.features() == []


def test_a_tenant_without_features_may_be_assumed_to_have_all(start: Start) -> None:
    api = start({}, unset_tenant_features_mean_all=True)
    tenant = new_tenant(api)
    assert len(tenant.features()) == 22
    assert enabled(api, ["reports"]).features() == ["reports", "user_management_advanced"]


def test_ui_features_of_a_role_may_be_assumed_to_limit(start: Start) -> None:
    env = {"CLEARML__services__auth__ui_features_per_role__user__show_datasets": "false"}
    api = start(env, role_ui_features_limit=True)
    tenant = enabled(api, ["show_datasets"])
    assert "show_datasets" in tenant.features()
    assert "show_datasets" not in seen_by(api, tenant.add_user())


def test_merged_lists_and_ignored_names_may_be_assumed(start: Start) -> None:
    api = start({}, settings_lists_replace=False, unknown_feature="ignore")
    tenant = enabled(api, ["reports"])
    api.data_of("system.update_company_settings", {"company": tenant.company, "features": ["pipelines", "nonsense"]})
    seen = api.data_of("system.company_info", {"company": tenant.company})["defaults"]["features"]
    assert seen == ["reports", "pipelines"]
