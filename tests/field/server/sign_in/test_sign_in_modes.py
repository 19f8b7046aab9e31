"""Issue 16.14: what the sign-in page is offered, by an apiserver that was told of the settings' providers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.values.server import server_values
from tests.emulator import start_emulator
from tests.unit.apiserver import environment
from tests.unit.document import SECRETS, STACK_KEYS, settings

_GOOGLE = {"google": {"clientId": "1", "displayName": "Example Staff"}}
_SAML = {"duo": {"entityId": "clearml", "metadataFile": "/etc/duo.xml"}}
_LDAP = {"ldap": {"server": "ldaps://x.example", "baseDn": "dc=x", "bindDn": "cn=x"}}


def _modes(folder: Path, providers: dict[str, Any], **server: object) -> dict[str, Any]:
    # A secret that would be a number, were it not quoted.
    secrets = replace(SECRETS, identity_providers=dict.fromkeys(("google", "ldap"), "0123"))
    changed: dict[str, Any] = {**STACK_KEYS["server"], "identityProviders": providers, **server}  # type: ignore[dict-item]
    told = environment(server_values(settings(server=changed), secrets), secrets)
    api = start_emulator(folder, {name: value for name, value in told.items() if "supervisor" not in name})
    modes: dict[str, Any] = api.data_of("login.supported_modes", auth=None)
    api.stop()
    return modes


@pytest.mark.parametrize(
    ("providers", "offered", "passwords"),
    [
        ({}, {}, False),
        (_GOOGLE, {"google": "Example Staff"}, False),
        ({**_GOOGLE, **_SAML}, {"google": "Example Staff", "duo": "duo"}, False),
        (_LDAP, {}, True),
    ],
)
def test_what_is_offered_is_what_the_settings_say(
    tmp_path: Path, providers: dict[str, Any], offered: dict[str, str], passwords: bool
) -> None:
    modes = _modes(tmp_path, providers)
    assert {each["name"]: each["display_name"] for each in modes["sso_providers"]} == offered
    assert set(modes["sso"]) == set(offered)
    assert modes["basic"]["enabled"] is passwords


def test_where_tenants_have_their_own_the_servers_are_offered_to_nobody(tmp_path: Path) -> None:
    """Which `make check` warns of."""
    modes = _modes(tmp_path, _GOOGLE, multiTenantLogin=True)
    assert (modes["sso_providers"], modes["tenant_login"]) == ([], True)
