"""Each curl command of the multi-tenant document, as written but for its placeholders, does what the document says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.local.curl import run_curl
from tests.local.tenants import new_tenant

_COMMANDS: dict[str, str] = dict(
    re.findall(r"^## (.*)\n((?:(?!## ).*\n?)+)", Path(__file__).with_name("document.curl").read_text(), re.MULTILINE)
)
_LEFT = re.compile(r"<[A-Z_0-9]+>")


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


def run(emulator: Emulator, title: str, **placeholders: str) -> dict[str, Any]:
    """The data that the command's answer holds; every placeholder has to be filled, `...` stands for nothing more."""
    command = _COMMANDS[title].strip().replace(", ...", "")
    for name, value in placeholders.items():
        command = command.replace(f"<{name.upper()}>", value)
    assert not _LEFT.search(command)
    variables = {"APISERVER_URL": emulator.url, "APISERVER_KEY": emulator.key, "APISERVER_SECRET": emulator.secret}
    response = run_curl(command, variables)
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


def test_creating_a_company_returns_its_id_and_it_is_among_the_companies(api: Emulator) -> None:
    company = run(api, "create a company", company_name="Doc One")["id"]
    listed = run(api, "view the companies")["companies"]
    assert {"id": company, "name": "Doc One", "active": True} in listed


def test_creating_an_admin_returns_the_user_id_of_an_internal_admin_of_the_company(api: Emulator) -> None:
    company = run(api, "create a company", company_name="Doc Two")["id"]
    who = {"admin_name": "Ada", "admin_email": "ada@doc-two.example.com"}
    user = run(api, "create an admin", company_id=company, **who)["id"]
    made = next(each for each in api.state()["users"] if each["id"] == user)
    assert (made["company"], made["role"], made["internal"], made["name"]) == (company, "admin", True, "Ada")


def test_the_admins_credentials_sign_in_as_the_new_admin(api: Emulator) -> None:
    tenant = new_tenant(api)
    pair = run(api, "create credentials", user_id=tenant.admin)["credentials"]
    token = api.data_of("auth.login", auth=(pair["access_key"], pair["secret_key"]))["token"]
    me = api.data_of("users.get_current_user", auth=None, headers={"Authorization": f"Bearer {token}"})["user"]
    assert (me["id"], me["role"], me["company"]["id"]) == (tenant.admin, "admin", tenant.company)


def test_new_users_of_the_domain_are_routed_to_the_tenant(api: Emulator) -> None:
    tenant = new_tenant(api)
    run(api, "set the domains", user_id=tenant.admin, domain="doc-domain.example.com")
    arrived = api.sign_in("anybody@doc-domain.example.com")
    assert (arrived["company"], arrived["role"], arrived["created"]) == (tenant.company, "user", True)


def test_whitelisted_emails_are_routed_to_the_tenant_until_removed(api: Emulator) -> None:
    tenant = new_tenant(api)
    people = {"user_id": tenant.admin, "email_1": "one@elsewhere.example.com", "email_2": "two@elsewhere.example.com"}
    added = run(api, "add to the whitelist", **people)["added"]
    assert added == [people["email_1"], people["email_2"]]
    assert api.sign_in("one@elsewhere.example.com")["company"] == tenant.company
    assert run(api, "remove from the whitelist", **people)["removed"] == ["two@elsewhere.example.com"]
    assert api.sign_in("one@elsewhere.example.com") == {**api.sign_in("one@elsewhere.example.com"), "created": False}


def test_a_second_list_can_hold_admins(api: Emulator) -> None:
    tenant = new_tenant(api)
    command = "add to the whitelist"
    run(api, command, user_id=tenant.admin, email_1="user-a@lists.example.com", email_2="user-b@lists.example.com")
    tenant.act("login.add_whitelist_entries", {"emails": ["boss@lists.example.com"], "is_admin": True})
    assert api.sign_in("boss@lists.example.com")["role"] == "admin"
    assert api.sign_in("user-a@lists.example.com")["role"] == "user"


def test_the_sign_in_rules_can_be_viewed(api: Emulator) -> None:
    tenant = new_tenant(api)
    run(api, "set the domains", user_id=tenant.admin, domain="rules.example.com")
    emails = {"email_1": "p@rules.example.org", "email_2": "q@rules.example.org"}
    run(api, "add to the whitelist", user_id=tenant.admin, **emails)
    seen = run(api, "view the sign-in rules", user_id=tenant.admin)
    assert seen["domains"] == ["rules.example.com"]
    assert [(each["email"], each["status"]) for each in seen["whitelist_entries"]] == [
        ("p@rules.example.org", "pending"),
        ("q@rules.example.org", "pending"),
    ]


def test_a_company_is_created_with_its_options(api: Emulator) -> None:
    company = run(api, "create a company with options", company_name="Doc Options")["id"]
    made = next(each for each in api.state()["companies"] if each["id"] == company)
    assert made["allowed_users"] == 10
    assert made["features"] == ["experiments"]
    assert made["exclude_features"] == ["app_management", "applications", "user_management"]


def test_features_are_enabled_for_a_tenant(api: Emulator) -> None:
    tenant = new_tenant(api)
    assert run(api, "enable features for a tenant", company_id=tenant.company) == {"updated": 1}
    assert tenant.features() == ["sso_management", "user_management_advanced"]


def test_every_command_of_the_document_is_tested() -> None:
    text = Path(__file__).read_text()
    assert len(_COMMANDS) == 10
    assert [title for title in _COMMANDS if f'"{title}"' not in text] == []
