"""Sign-in rules: set, viewed, removed, and what they do to who signs in; identity providers."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from local.emulator.store.sso import digest
from tests.emulator import Emulator, start_emulator
from tests.local.tenants import Tenant, fault_of, new_tenant


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


@pytest.fixture
def tenant(api: Emulator) -> Tenant:
    return new_tenant(api)


def refused(api: Emulator, email: str) -> str:
    with httpx.Client(trust_env=False) as client:
        response = client.post(f"{api.control_url}/sign-in", json={"email": email})
    assert response.status_code == 400
    text: str = response.json()["error"]
    return text


def test_domains_are_replaced_as_a_whole(tenant: Tenant) -> None:
    assert tenant.act("login.set_domains", {"domains": ["one.example.com", "two.example.com"]}) == {}
    tenant.act("login.set_domains", {"domains": ["three.example.com"]})
    assert tenant.act("login.get_settings")["domains"] == ["three.example.com"]
    tenant.act("login.set_domains", {"domains": []})
    assert tenant.act("login.get_settings")["domains"] == []


@pytest.mark.parametrize("domain", ["", "example", "@example.com", "a b.com", "-a.example.com", "http://example.com"])
def test_a_malformed_domain_is_refused(api: Emulator, tenant: Tenant, domain: str) -> None:
    headers = {"X-Clearml-Act-As": tenant.admin}
    assert fault_of(api.call("login.set_domains", {"domains": [domain]}, headers=headers)) == (400, 23)


@pytest.mark.parametrize("endpoint", ["login.add_whitelist_entries", "login.remove_whitelist_entries"])
def test_a_malformed_email_is_refused_and_nothing_is_done(api: Emulator, tenant: Tenant, endpoint: str) -> None:
    body = {"emails": ["right@example.org", "wrong"]}
    assert fault_of(api.call(endpoint, body, headers={"X-Clearml-Act-As": tenant.admin})) == (400, 22)
    assert tenant.rules()["whitelist"] == []


def test_only_new_entries_are_added_and_the_role_of_old_ones_stays(tenant: Tenant) -> None:
    first = {"emails": ["a@new.example.org", "b@new.example.org", "a@new.example.org"]}
    assert tenant.act("login.add_whitelist_entries", first)["added"] == ["a@new.example.org", "b@new.example.org"]
    second = {"emails": ["a@new.example.org", "c@new.example.org"], "is_admin": True}
    assert tenant.act("login.add_whitelist_entries", second)["added"] == ["c@new.example.org"]
    roles = {each["email"]: each["role"] for each in tenant.rules()["whitelist"]}
    assert roles == {"a@new.example.org": "user", "b@new.example.org": "user", "c@new.example.org": "admin"}


def test_the_role_field_is_unknown_to_this_server_and_ignored(tenant: Tenant) -> None:
    tenant.act("login.add_whitelist_entries", {"emails": ["r@role.example.org"], "role": "admin"})
    assert [each["role"] for each in tenant.rules()["whitelist"]] == ["user"]


def test_a_pending_entry_does_not_show_its_role_and_an_accepted_one_shows_its_user(
    api: Emulator, tenant: Tenant
) -> None:
    tenant.act("login.add_whitelist_entries", {"emails": ["boss@seen.example.org"], "is_admin": True})
    assert set(tenant.act("login.get_settings")["whitelist_entries"][0]) == {"email", "status", "added"}
    user = api.sign_in("boss@seen.example.org")["user"]
    entry = tenant.act("login.get_settings")["whitelist_entries"][0]
    assert entry["status"] == "accepted"
    assert entry["accepted"] > entry["added"]
    assert entry["user"] == {"id": user, "name": "boss", "role": "admin"}


def test_who_has_signed_in_stays(api: Emulator, tenant: Tenant) -> None:
    emails = ["in@stay.example.org", "out@stay.example.org"]
    tenant.act("login.add_whitelist_entries", {"emails": emails})
    api.sign_in(emails[0])
    assert tenant.act("login.remove_whitelist_entries", {"emails": emails})["removed"] == [emails[1]]
    assert [each["email"] for each in tenant.rules()["whitelist"]] == [emails[0]]
    assert refused(api, emails[1]).endswith("no access: no company has a rule for it")


def test_an_admins_own_key_needs_no_impersonation(api: Emulator, tenant: Tenant) -> None:
    api.data_of("login.set_domains", {"domains": ["own-key.example.com"]}, auth=tenant.key())
    assert tenant.rules()["domains"] == ["own-key.example.com"]


def test_who_owns_an_email_or_a_domain_is_found_across_companies(api: Emulator, tenant: Tenant) -> None:
    other = new_tenant(api)
    for each in (tenant, other):
        each.act("login.set_domains", {"domains": ["both.example.com"]})
    by_domain = api.data_of("login.get_whitelist", {"domain": "both.example.com"})["entries"]
    assert {each["company"] for each in by_domain} == {tenant.company, other.company}
    emails = ["w@owner.example.org", "v@owner.example.org"]
    tenant.act("login.add_whitelist_entries", {"emails": emails, "is_admin": True})
    tenant.act("login.add_whitelist_entries", {"emails": ["u@owner.example.org"]})
    (found,) = api.data_of("login.get_whitelist", {"email": "w@owner.example.org"})["entries"]
    assert (found["company"], found["role"], found["is_admin"]) == (tenant.company, "admin", True)
    assert [each["email"] for each in found["emails"]] == emails
    by_its_domain = api.data_of("login.get_whitelist", {"email": "anybody@both.example.com"})["entries"]
    assert by_its_domain == by_domain
    everything = api.data_of("login.get_whitelist")["entries"]
    assert all(each in everything for each in [found, *by_domain])
    both = {"email": "w@owner.example.org", "domain": "both.example.com"}
    assert fault_of(api.call("login.get_whitelist", both)) == (400, 12)


def test_an_older_whitelist_has_one_entry_an_email_and_wants_a_filter(tmp_path: Path) -> None:
    assumed = '{"whitelist_shape": "entries", "whitelist_unfiltered": "refuse"}'
    api = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": assumed})
    tenant = new_tenant(api)
    tenant.act("login.add_whitelist_entries", {"emails": ["a@flat.example.org", "b@flat.example.org"]})
    found = api.data_of("login.get_whitelist", {"email": "a@flat.example.org"})["entries"]
    assert [each["email"] for each in found] == ["a@flat.example.org", "b@flat.example.org"]
    assert fault_of(api.call("login.get_whitelist", {})) == (400, 12)
    api.stop()


def test_an_entry_goes_before_the_domain_and_two_tenants_with_one_rule_are_ambiguous(api: Emulator) -> None:
    one, two = new_tenant(api), new_tenant(api)
    one.act("login.set_domains", {"domains": [one.domain]})
    two.act("login.add_whitelist_entries", {"emails": [f"guest@{one.domain}"]})
    assert api.sign_in(f"guest@{one.domain}")["company"] == two.company
    two.act("login.set_domains", {"domains": [one.domain]})
    assert "ambiguous" in refused(api, f"who@{one.domain}")
    for each in (one, two):
        each.act("login.add_whitelist_entries", {"emails": [f"both@{one.domain}"]})
    assert "ambiguous" in refused(api, f"both@{one.domain}")


def test_providers_are_saved_listed_switched_and_deleted_without_their_secret(api: Emulator, tenant: Tenant) -> None:
    configuration = {"id": tenant.company, "display_name": "Acme", "client_id": "c", "client_secret": "s3cr3t-of-idp"}
    body = {"provider": "keycloak", "company": tenant.company, "configuration": configuration}
    for _ in range(2):
        assert api.data_of("sso.save_provider_configuration", body) == {}
    of = {"company": tenant.company}
    (found,) = api.data_of("sso.get_provider_configurations", of)["configurations"]
    assert (found["id"], found["display_name"], found["category"]) == (tenant.company, "Acme", "oidc")
    assert (found["active"], found["readonly"]) == (True, False)
    off = {**of, "ids": [tenant.company], "active": False}
    assert api.data_of("sso.set_provider_configurations_active", off) == {"updated": 1}
    held = next(each for each in api.state()["sso"] if each["company"] == tenant.company)["providers"]
    assert [each["configuration"] for each in held] == [{"display_name": "Acme", "client_id": "c"}]
    assert [each["secret_digest"] for each in held] == [digest(tenant.company, "s3cr3t-of-idp")]
    assert "s3cr3t-of-idp" not in str(api.state())
    assert api.data_of("sso.delete_provider_configurations", {**of, "ids": [tenant.company]}) == {"deleted": 1}


def test_only_system_names_another_company_for_providers(api: Emulator, tenant: Tenant) -> None:
    other = new_tenant(api)
    key = tenant.key()
    assert fault_of(api.call("sso.get_provider_configurations", {"company": other.company}, auth=key)) == (400, 13)
    assert api.data_of("sso.get_provider_configurations", {"company": tenant.company}, auth=key)["configurations"] == []
