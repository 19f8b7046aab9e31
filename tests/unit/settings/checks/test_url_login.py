"""A login or a token in an address is refused where an address is a setting, and shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.types.secrets.url_login import holds_login, quoted
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, refusal

# However it is written; `planted` is what nobody may see, also where a percent sign hides it.
_LOGINS = [
    "https://user:planted@host.example",
    "https://planted@host.example",
    "https://:planted@host.example",
    "https://user:pla/planted@host.example",
    "https://user:pl@planted@host.example",
    "https://user%3Aplanted%40host.example",
    "https://user%253Aplanted%2540host.example",
    "https:user:planted@host.example",
    "https:\\\\user:planted@host.example",
    "//user:planted@host.example",
    "user:planted@host.example",
    "HTTPS://user:planted@host.example",
    "https://host.example?token=planted",
    "https://host.example/?a=b&access_token=planted",
    "https://host.example/x?a=b;X-Amz-Signature=planted",
    "https://host.example/x?api-key=planted",
    "https://host.example/x#client_secret=planted",
]
# The settings that are an address, or where somebody may write one instead.
_IN_STACK = [
    ("clearml-tenants:apiUrl: https://api.clearml.example.com", "clearml-tenants:apiUrl: '{}'"),
    ("baseDomain: clearml.example.com", "baseDomain: '{}'"),
    ("cookieName:", "apiserver: {{host: '{}'}}\n      cookieName:"),
    ("cookieName:", "redis: {{host: '{}'}}\n      cookieName:"),
    ("cookieName:", "version: '{}'\n      cookieName:"),
    ("cookieName:", "queueMode: '{}'\n      cookieName:"),
    ("cookieName:", "protect: '{}'\n      cookieName:"),
    ("cookieName:", "'{}': x\n      cookieName:"),
]
_IN_TENANT = [
    ("gateway: {hostName: router.acme.clearml.example.com}", "gateway: {{hostName: '{}'}}"),
    ("gateway: {hostName: router.acme.clearml.example.com}", "gateway: {{externalUrl: '{}'}}"),
    ("email: admin@acme.example", "email: '{}'"),
    ("domains: [acme.example]", "domains: ['{}']"),
    ("agent:", "sso: {{externalTenant: acme, clientId: c, endpoints: {{authorization: '{}', token: x}}}}\nagent:"),
    ("agent:", "isolation: {{network: {{allow: [{{cidr: '{}', ports: [443]}}]}}}}\nagent:"),
    ("agent:", "isolation: {{quota: {{cpu: '{}'}}}}\nagent:"),
]


@pytest.mark.parametrize("address", _LOGINS)
def test_a_login_is_found_and_hidden(address: str) -> None:
    assert holds_login(address)
    assert "planted" not in quoted(address)
    assert "user" not in quoted(address)


@pytest.mark.parametrize(
    "text", ["https://host.example", "jane@example.com", "10.0.0.0/8", "a b?", "what#is", "ssh", "", "https://host/a-b"]
)
def test_what_holds_none_is_shown(text: str) -> None:
    assert not holds_login(text)
    assert quoted(text) == repr(text)


@pytest.mark.parametrize("address", _LOGINS)
@pytest.mark.parametrize(("old", "new"), _IN_STACK, ids=[new for _, new in _IN_STACK])
def test_it_is_refused_in_the_stacks_file_and_not_shown(tmp_path: Path, old: str, new: str, address: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: STACK.replace(old, new.format(address))})
    assert said.startswith(f"{STACK_FILE}: clearml-tenants:")
    assert "planted" not in said
    assert "\n" not in said


@pytest.mark.parametrize("address", _LOGINS)
@pytest.mark.parametrize(("old", "new"), _IN_TENANT, ids=[new for _, new in _IN_TENANT])
def test_it_is_refused_in_a_tenants_file_and_not_shown(tmp_path: Path, old: str, new: str, address: str) -> None:
    said = refusal(tmp_path, {ACME: TENANT.replace(old, new.format(address))})
    assert all(line.startswith(f"{ACME}: acme: ") for line in said.splitlines())
    assert "planted" not in said


def test_the_line_names_the_setting_and_the_fix(tmp_path: Path) -> None:
    old, new = _IN_STACK[0]
    assert refusal(tmp_path, {STACK_FILE: STACK.replace(old, new.format(_LOGINS[0]))}) == (
        f"{STACK_FILE}: clearml-tenants:apiUrl: 'https://***@host.example' holds a login or a token in plain text; "
        "take it out, and have another made in its place"
    )


@pytest.mark.parametrize(
    "value",
    [
        "redis://:planted@cache.example:6379",
        "https://planted-token-of-40-characters@git.example/x",
        "https://files.example/x?access_token=planted",
        "pip install --extra-index-url https://u:planted@pypi.example/simple",
    ],
)
def test_it_is_found_where_values_are_free(tmp_path: Path, value: str) -> None:
    free = f"agent:\n  extraEnvs: [{{name: PLACE, value: '{value}'}}]"
    said = refusal(tmp_path, {ACME: TENANT.replace("agent:", free)})
    assert "agent.extraEnvs[0].value: looks like a secret in plain text (not shown)" in said
    assert "planted" not in said


def test_a_variable_in_an_address_is_no_secret(tmp_path: Path) -> None:
    free = "agent:\n  extraEnvs: [{name: PLACE, value: 'https://$(USER):$(PASS)@git.example/x?token=$(TOKEN)'}]"
    with pytest.raises(pytest.fail.Exception):
        refusal(tmp_path, {ACME: TENANT.replace("agent:", free)})
