"""The base address of Okta and Keycloak as ClearML's guides write it; without its last `/`, nobody was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.field.server.sign_in.provider_files import loaded, stack_file

_OKTA = "https://corp.okta.example/oauth2/default"
_REALM = "https://id.corp.example/realms/clearml"
_BOTH = "is not what authorizeUrl and accessTokenUrl begin with"
_OLD_REALM = "https://id.corp.example/auth/realms/clearml"


def warnings(root: Path, name: str, base: str, authorize: str, token: str) -> list[str]:
    urls = f"baseUrl: '{base}', authorizeUrl: '{authorize}', accessTokenUrl: '{token}'"
    text = stack_file(f"{{{name}: {{clientId: a, {urls}}}}}", name)
    return [each.message for each in loaded(root, text).warnings if "baseUrl" in each.where.key]


@pytest.mark.parametrize(
    ("name", "base", "below"),
    [
        ("okta", _OKTA, "v1/authorize v1/token"),
        ("okta", "https://corp.okta.example", "oauth2/v1/authorize oauth2/v1/token"),
        ("keycloak", _REALM, "protocol/openid-connect/auth protocol/openid-connect/token"),
        ("keycloak", _OLD_REALM, "protocol/openid-connect/auth protocol/openid-connect/token"),
        ("keycloak", "https://id.corp.example:8443/realms/a", "protocol/openid-connect/auth x/token"),
    ],
)
def test_a_base_without_its_last_slash_is_told(tmp_path: Path, name: str, base: str, below: str) -> None:
    ends = [f"{base}/{each}" for each in below.split()]
    (line,) = warnings(tmp_path / "a", name, base, *ends)
    assert line == f"ends without the / that ClearML's guide writes there; write it like {base}/"
    assert warnings(tmp_path / "b", name, f"{base}/", *ends) == []


@pytest.mark.parametrize(
    ("name", "base", "ends", "said"),
    [
        ("keycloak", "https://id.corp.example/realms/a/", f"{_REALM}/auth {_REALM}/token", _BOTH),
        (
            "keycloak",
            f"{_REALM}/protocol/",
            f"{_REALM}/protocol/auth {_REALM}/token",
            "is not what accessTokenUrl begins with",
        ),
        ("okta", "https://other.okta.example/", f"{_OKTA}/v1/authorize {_OKTA}/v1/token", _BOTH),
        ("okta", f"{_OKTA}2/", f"{_OKTA}/v1/authorize {_OKTA}/v1/token", _BOTH),
    ],
)
def test_a_base_that_its_endpoints_do_not_begin_with_is_told(
    tmp_path: Path, name: str, base: str, ends: str, said: str
) -> None:
    (line,) = warnings(tmp_path, name, base, *ends.split())
    assert line.startswith(said)


def test_of_others_no_guide_says_it(tmp_path: Path) -> None:
    base = "https://corp.eu.auth0.example"
    assert warnings(tmp_path, "auth0", base, f"{base}/authorize", f"{base}/oauth/token") == []
