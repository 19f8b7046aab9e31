"""What the guides' later pages say of a directory's groups, and of what a provider's sign-in tells the log."""

from __future__ import annotations

from typing import Any

import pytest

from components.values.sign_in.ldap import ldap_environment
from components.values.sign_in.oauth import oauth_environment
from settings.models.server.sign_in.ldap import Ldap
from settings.models.server.sign_in.oauth import OAuth

_LDAP = "CLEARML__apiserver__auth__fixed_user_providers__ldap__"


def _told(groups: dict[str, Any] | None) -> dict[str, Any]:
    whole = {"server": "ldaps://dc1.example.com", "baseDn": "dc=example", "bindDn": "cn=clearml", "groups": groups}
    found = ldap_environment(Ldap.model_validate(whole))
    return {
        each["name"].removeprefix(_LDAP): each.get("value")
        for each in found
        if "group" in each["name"] or "case_sensitive" in each["name"]
    }


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (None, {}),
        ({}, {"groups__enabled": "true"}),
        ({"admins": ["ml admins", "ops"]}, {"groups__enabled": "true", "groups__admins": '["ml admins", "ops"]'}),
        (
            {"onlyMembers": True, "caseSensitive": False, "fullNames": True},
            {
                "groups__enabled": "true",
                "groups__prohibit_user_login_if_not_in_group": "true",
                "case_sensitive": "false",
                "group_name_parsing": '"none"',
            },
        ),
    ],
)
def test_a_directory_s_groups(groups: dict[str, Any] | None, told: dict[str, Any]) -> None:
    assert _told(groups) == told


def test_what_a_sign_in_tells_the_log() -> None:
    names = [each["name"] for each in oauth_environment("ping", OAuth(client_id="a", debug=True))]
    assert "CLEARML__services__login__sso__oauth_client__ping__debug" in names
