"""Issue 16.14: `default_company` of a server-wide identity provider lets anybody past the sign-in rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import STACK_FILE, WITH_ADDRESSES, warnings_of

_ANY = "'\"d1bd92a3b039400cbafc60a7a5b1e52b\"'"
_OBJECT = '{"client_id": "a", "default_company": "b"}'
_OKTA = "CLEARML__services__secure__login__sso__oauth_client__okta"


def _warnings(tmp_path: Path, name: str, entry: str) -> list[str]:
    variables = f"      apiserver: {{extraEnvs: [{{name: {name}, {entry}}}]}}\n      cookieName:"
    stack = WITH_ADDRESSES.replace("      cookieName:", variables)
    return warnings_of(tmp_path, {STACK_FILE: stack})


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        (f"{_OKTA}__default_company", f"value: {_ANY}"),
        ("CLEARML__secure__login__sso__oauth_client__auth0__default_company", f"value: {_ANY}"),
        ("TRAINS__services__secure__login__sso__saml_client__microsoft_ad__default_company", f"value: {_ANY}"),
        ("CLEARML__apiserver__auth__fixed_user_providers__ldap__default_company", f"value: {_ANY}"),
        (f"{_OKTA}__default_company", "valueFrom: {secretKeyRef: {name: sso, key: company}}"),
        (_OKTA, f"value: '{_OBJECT}'"),
    ],
)
def test_a_provider_with_a_company_for_anybody_is_told(tmp_path: Path, name: str, entry: str) -> None:
    (told,) = _warnings(tmp_path, name, entry)
    assert told.startswith(f"{STACK_FILE}: clearml-tenants:stack.server.apiserver.extraEnvs[0]: {name} puts whoever ")
    assert told.endswith("past the sign-in rules; leave default_company out")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (f"{_OKTA}__client_id", "'\"0oa1\"'"),
        (f"{_OKTA}__default_company", "'\"\"'"),
        ("CLEARML__apiserver__default_company", _ANY),
        ("CLEARML__apiserver__default_company_name", "'\"clearml\"'"),
    ],
)
def test_what_opens_nothing_is_not(tmp_path: Path, name: str, value: str) -> None:
    assert _warnings(tmp_path, name, f"value: {value}") == []
