"""Users and their keys: made, found, changed, removed, and whose identity each call needs."""

from __future__ import annotations

import re

import pytest

from tests.emulator import Emulator
from tests.local.tenants import fault_of, message_of, new_tenant


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


def test_an_email_belongs_to_one_user_of_all_companies(api: Emulator) -> None:
    first, second = new_tenant(api), new_tenant(api)
    email = f"shared@{first.domain}"
    first.add_user(email=email)
    body = {"name": "again", "company": second.company, "email": email}
    response = api.call("auth.create_user", body)
    assert fault_of(response) == (400, 801)
    assert message_of(response).endswith(f"email={email}")


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@example.com", "@example.com", "a@-x.example.com"])
def test_a_malformed_email_is_refused(api: Emulator, email: str) -> None:
    body = {"name": "x", "company": new_tenant(api).company, "email": email}
    assert fault_of(api.call("auth.create_user", body)) == (400, 800)


def test_an_unknown_company_is_refused(api: Emulator) -> None:
    body = {"name": "x", "company": "nowhere", "email": "x@nowhere.example.com"}
    response = api.call("auth.create_user", body)
    assert (fault_of(response), message_of(response)) == ((400, 10), "Invalid object id: company=nowhere")


def test_an_admin_makes_no_users_not_even_in_the_own_company(api: Emulator) -> None:
    tenant = new_tenant(api)
    body = {"name": "x", "company": tenant.company, "email": f"x@{tenant.domain}"}
    assert fault_of(api.call("auth.create_user", body, auth=tenant.key())) == (403, 20)
    impersonating = {"X-Clearml-Impersonate-As": tenant.admin}
    assert fault_of(api.call("auth.create_user", body, headers=impersonating)) == (403, 20)
    assert api.call("auth.create_user", body).status_code == 200


def test_a_role_of_null_is_no_role_left_out(api: Emulator) -> None:
    tenant = new_tenant(api)
    body = {"name": "x", "company": tenant.company, "email": f"null@{tenant.domain}", "role": None}
    response = api.call("auth.create_user", body)
    assert (fault_of(response), "'none' is not a valid choice" in message_of(response)) == ((400, 12), True)


def test_a_change_of_nothing_ends_in_an_error_of_the_server(api: Emulator) -> None:
    tenant = new_tenant(api)
    assert fault_of(api.call("auth.edit_user", {"user": tenant.admin}, auth=tenant.key())) == (500, 0)


def test_a_change_of_somebody_unknown_tells_what_was_sent(api: Emulator) -> None:
    answer = new_tenant(api).be("users.update", {"user": "nobody", "name": "x"})
    assert answer == {"updated": 0, "fields": {"name": "x"}}


def test_a_names_pattern_heeds_capitals(api: Emulator) -> None:
    tenant = new_tenant(api)
    zoe = tenant.add_user(name="Zoe")
    assert [each["id"] for each in tenant.be("users.get_all", {"name": "Zo"})["users"]] == [zoe]
    assert tenant.be("users.get_all", {"name": "zo"}) == {"users": []}
    tenant.be("queues.create", {"name": "Large"})
    assert tenant.be("queues.get_all", {"name": "large"}) == {"queues": []}


def test_users_are_found_by_id_and_by_email_across_companies(api: Emulator) -> None:
    one, two = new_tenant(api), new_tenant(api)
    body = {"users": [one.admin, "nobody"], "emails": [f"admin@{two.domain}", "nobody@example.com"]}
    found = api.data_of("auth.get_users_info", body)["users"]
    assert set(found) == {one.admin, two.admin}
    assert found[two.admin]["email"] == f"admin@{two.domain}"
    assert (found[two.admin]["role"], found[two.admin]["sec_groups"]) == ("admin", ["users", "admins"])


def test_a_company_lists_its_own_users(api: Emulator) -> None:
    tenant, _ = new_tenant(api), new_tenant(api)
    user = tenant.add_user(name="Zoe")
    assert {each["id"] for each in tenant.be("users.get_all")["users"]} == {tenant.admin, user}
    found = tenant.be("users.get_all", {"name": "^Zoe$", "include_auth": True})["users"]
    assert [(each["id"], each["role"]) for each in found] == [(user, "user")]
    assert len(tenant.be("users.get_all", {"page": 1, "page_size": 1})["users"]) == 1
    assert tenant.be("users.get_all", {"id": [user], "only_fields": ["name"]})["users"] == [{"name": "Zoe"}]


def test_system_reads_every_companys_users_and_others_their_own(api: Emulator) -> None:
    one, two = new_tenant(api), new_tenant(api)
    assert api.data_of("users.get_by_id", {"user": two.admin})["user"]["company"] == two.company
    response = api.call("users.get_by_id", {"user": two.admin}, headers={"X-Clearml-Impersonate-As": one.admin})
    assert fault_of(response) == (400, 301)


def test_what_the_current_user_is_shown_to_start_with_is_an_object(api: Emulator) -> None:
    assert isinstance(new_tenant(api).be("users.get_current_user")["getting_started"], dict)


def test_a_name_is_changed(api: Emulator) -> None:
    tenant = new_tenant(api)
    assert tenant.be("users.update", {"user": tenant.admin, "name": "New"}) == {"updated": 1, "fields": {"name": "New"}}
    assert tenant.be("users.get_current_user")["user"]["name"] == "New"
    assert tenant.be("users.update", {"user": "nobody", "name": "New"})["updated"] == 0


def test_a_role_is_changed_within_the_company_in_effect(api: Emulator) -> None:
    tenant = new_tenant(api)
    user = tenant.add_user("user")
    assert tenant.act("auth.edit_user", {"user": user, "role": "admin"}) == {"updated": 1, "fields": {"role": "admin"}}
    assert tenant.act("auth.edit_user", {"user": user, "role": "admin"})["updated"] == 0
    assert fault_of(api.call("auth.edit_user", {"user": user, "role": "user"})) == (400, 301)


def test_a_deleted_user_is_gone_with_the_keys(api: Emulator) -> None:
    tenant = new_tenant(api)
    user = tenant.add_user("admin")
    pair = api.data_of("auth.create_credentials", headers={"X-Clearml-Impersonate-As": user})["credentials"]
    assert tenant.act("auth.delete_user", {"user": user}) == {"deleted": True}
    assert fault_of(api.call("server.info", auth=(pair["access_key"], pair["secret_key"]))) == (401, 22)
    assert api.data_of("auth.get_users_info", {"users": [user]})["users"] == {}


def test_nobody_deletes_themselves(api: Emulator) -> None:
    tenant = new_tenant(api)
    response = api.call("auth.delete_user", {"user": tenant.admin}, headers={"X-Clearml-Act-As": tenant.admin})
    assert fault_of(response) == (400, 16)


def test_deleting_the_profile_leaves_the_keys_alive(api: Emulator) -> None:
    tenant = new_tenant(api)
    key = tenant.key()
    assert api.data_of("users.delete", {"user": tenant.admin}) == {}
    assert api.call("server.info", auth=key).status_code == 200
    assert fault_of(api.call("users.get_current_user", auth=key)) == (400, 300)
    assert fault_of(api.call("users.delete", {"user": tenant.admin})) == (400, 301)
    again = {"id": tenant.admin, "company": tenant.company, "name": "admin"}
    assert api.data_of("users.create", again) == {}
    assert fault_of(api.call("users.create", again)) == (400, 302)


def test_a_new_pair_each_time_in_the_documented_shape(api: Emulator) -> None:
    tenant = new_tenant(api)
    pairs = [tenant.be("auth.create_credentials", {"label": "agent"})["credentials"] for _ in range(2)]
    assert pairs[0]["access_key"] != pairs[1]["access_key"]
    for pair in pairs:
        assert re.fullmatch(r"[A-Z0-9]{30}", pair["access_key"])
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{66}", pair["secret_key"])
        assert pair["label"] == "agent"


def test_keys_are_listed_without_secrets_relabelled_located_and_revoked(api: Emulator) -> None:
    tenant, other = new_tenant(api), new_tenant(api)
    key, _ = pair = tenant.key()
    tenant.be("v1.0/auth.edit_credentials", {"access_key": key, "label": "mine"})
    listed = tenant.be("auth.get_credentials")["credentials"]
    assert [set(each) for each in listed] == [{"access_key", "label", "created"}]
    located = api.data_of("auth.locate_credentials", {"access_key": key})
    assert (located["user"], located["label"]) == (tenant.admin, "mine")
    assert fault_of(api.call("auth.locate_credentials", {"access_key": key}, auth=other.key())) == (400, 75)
    assert tenant.be("auth.revoke_credentials", {"access_key": key}) == {"revoked": 1}
    assert fault_of(api.call("server.info", auth=pair)) == (401, 22)


def test_an_unknown_key_is_400(api: Emulator) -> None:
    tenant = new_tenant(api)
    headers = {"X-Clearml-Impersonate-As": tenant.admin}
    body = {"access_key": "NOSUCHKEY"}
    revoked = api.call("auth.revoke_credentials", body, headers=headers)
    assert fault_of(revoked) == (400, 300)
    assert message_of(revoked).startswith("Invalid user (invalid user or invalid access key): id=")
    assert fault_of(api.call("auth.edit_credentials", {**body, "label": "x"}, headers=headers)) == (400, 75)


def test_a_configured_identity_makes_and_revokes_no_keys(api: Emulator) -> None:
    for endpoint in ("auth.create_credentials", "auth.revoke_credentials"):
        response = api.call(endpoint, {"access_key": api.key})
        assert (fault_of(response), message_of(response)) == ((400, 301), "Invalid user id (protected identity)")


def test_the_bare_apiserver_key_has_no_profile(api: Emulator) -> None:
    assert fault_of(api.call("users.get_current_user")) == (400, 300)


def test_allowed_users_is_a_limit_for_all_but_internal_users(api: Emulator) -> None:
    tenant = new_tenant(api)
    api.data_of("system.update_company_settings", {"company": tenant.company, "allowed_users": 1})
    tenant.add_user()
    body = {"name": "x", "company": tenant.company, "email": f"late@{tenant.domain}"}
    assert fault_of(api.call("auth.create_user", body)) == (400, 0)
    assert api.call("auth.create_user", {**body, "internal": True}).status_code == 200
