"""Sign-in rules: what is declared, never in two tenants, and two lists of a tenant never in each other's way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.clearml.api.errors import MissingField
from components.clearml.run.refusals import NotApplied, SignedInElsewhere, SignInTaken
from components.clearml.sign_in.domains import DomainsProvider
from components.clearml.sign_in.whitelist import WhitelistProvider
from tests.api.runs import Tenant
from tests.emulator import Emulator, start_emulator


def _other(emulator: Emulator, **changes: Any) -> Tenant:
    plain: dict[str, Any] = {"domains": (), "admins": (), "users": ()}
    return Tenant(emulator, name="Globex", email="admin@globex.example", **{**plain, **changes})


@pytest.mark.parametrize(
    ("field", "value"),
    [("domains", ("acme.example",)), ("admins", ("bob@partner.example",)), ("users", ("ann@acme.example",))],
)
def test_what_another_tenant_holds_is_refused(tenant: Tenant, emulator: Emulator, field: str, value: Any) -> None:
    tenant.up()
    before = tenant.rules()
    other = _other(emulator, **{field: value})
    with pytest.raises(SignInTaken, match=rf"{value[0]} already signs in to company 'Acme'"):
        other.up()
    assert other.rules() == (set(), {})
    assert tenant.rules() == before


def test_who_has_signed_in_elsewhere_is_left_out_or_listed_with_another_address(
    tenant: Tenant, emulator: Emulator
) -> None:
    """Moved to this file from another after they had signed in: removing them there first, as was said, did nothing."""
    tenant.up()
    emulator.sign_in("bob@partner.example")
    tenant.users = ()
    tenant.up()
    other = _other(emulator, users=("bob@partner.example", "eve@partner.example"))
    with pytest.raises(
        SignedInElsewhere, match=r"bob@partner\.example has signed in .* user of company 'Acme' .*leave it"
    ):
        other.up()
    other.users = ("bob@home.example", "eve@partner.example")
    other.up()
    other.assert_exact()


def test_what_was_freed_may_be_taken(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    tenant.domains, tenant.users = (), ()
    tenant.up()
    other = _other(emulator, domains=("acme.example",), users=("bob@partner.example",))
    other.up()
    other.assert_exact()


def test_who_is_dropped_goes_whatever_role_somebody_gave_them(tenant: Tenant, emulator: Emulator) -> None:
    """Made an admin by hand meanwhile: out of the file is out of the list all the same."""
    tenant.up()
    somebody = {"X-Clearml-Act-As": tenant.state["admin"].id}
    bob = {"emails": ["bob@partner.example"]}
    emulator.data_of("login.remove_whitelist_entries", bob, headers=somebody)
    emulator.data_of("login.add_whitelist_entries", {**bob, "is_admin": True}, headers=somebody)
    tenant.users = ("cid@partner.example",)
    tenant.up()
    tenant.assert_exact()


def test_order_and_case_make_no_difference(tenant: Tenant) -> None:
    tenant.domains = ("b.example", "a.example")
    tenant.up()
    tenant.domains, tenant.users = ("A.example ", "B.Example"), ("CID@partner.example", "Bob@Partner.Example")
    assert tenant.up() == []


@pytest.mark.parametrize("to", ["admins", "users"])
def test_email_that_moves_between_the_lists_of_a_tenant(tenant: Tenant, to: str) -> None:
    """Whichever list is changed first, the e-mail ends with its new role, once."""
    tenant.admins, tenant.users = ("ann@acme.example",), ("bob@partner.example",)
    tenant.up()
    everyone = (*tenant.admins, *tenant.users)
    tenant.admins, tenant.users = (everyone, ()) if to == "admins" else ((), everyone)
    tenant.up()
    assert tenant.rules()[1] == dict.fromkeys(everyone, to.removesuffix("s"))


def test_signed_in_people_stay_and_it_is_said(
    tenant: Tenant, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant.up()
    emulator.sign_in("bob@partner.example")
    tenant.users = ()
    tenant.up()
    assert "bob@partner.example: signed in already" in capsys.readouterr().out
    assert "bob@partner.example" in tenant.members()


def test_one_changed_email_costs_two_writes(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    emulator.clear_calls()
    tenant.users = ("dan@partner.example", *tenant.users[1:])
    assert tenant.up() == ["users"]
    writes = [call["endpoint"] for call in emulator.calls() if ".get_" not in call["endpoint"]]
    assert writes == ["login.remove_whitelist_entries", "login.add_whitelist_entries"]


READINGS = [
    {"readding_changes_role": True},
    {"fold_case": True},
    {"users_info_key": "email"},
    {"internal_users_listed": False},
    {"internal_users_count": True},
    {"new_server": True},
    {"whitelist_shape": "entries"},
    {"whitelist_unfiltered": "refuse"},
    {"whitelist_unfiltered": "none"},
    {"whitelist_unfiltered": "absent"},
    {"settings_leave_out": "empty"},
    {"company_user_counts": "absent"},
    {"company_user_counts_internal": False},
]


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: "-".join(map(str, *reading.items())))
def test_right_under_either_reading_of_the_contract(tmp_path: Any, reading: dict[str, Any]) -> None:
    """Life, drift and removal under each reading that differs from the emulator's plain one."""
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps(reading)})
    try:
        tenant = Tenant(emulator)
        tenant.up()
        tenant.assert_exact()
        tenant.admins, tenant.users = (*tenant.admins, tenant.users[0]), tenant.users[1:]
        tenant.name = "Acme Two"
        tenant.generation = 2
        tenant.up()
        tenant.name, slug = "Acme Two", tenant.state["company"].id
        assert tenant.companies() == [slug]
        assert tenant.rules()[1] == dict.fromkeys(tenant.admins, "admin") | dict.fromkeys(tenant.users, "user")
        tenant.destroy()
        tenant.up()
        tenant.assert_exact()
    finally:
        emulator.stop()


def test_server_that_ignores_an_empty_list(tmp_path: Any) -> None:
    """It answers 200 and does nothing: that is an error which names the field, not a removal."""
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": '{"empty_domains_clear": false}'})
    try:
        tenant = Tenant(emulator)
        tenant.up()
        with pytest.raises(NotApplied, match=r"domains = \[\] but now says \[acme\.example\]"):
            tenant.destroy()
    finally:
        emulator.stop()


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"domains": ("acme.example",), "admins": (), "users": ()}, "domains"),
        ({"domains": (), "admins": (), "users": ("bob@partner.example",)}, "whitelist_entries"),
    ],
)
def test_server_that_does_not_show_its_rules(tmp_path: Any, rules: dict[str, Any], field: str) -> None:
    """What stays there is not taken for gone: an error names the field, at each run, until it can be seen."""
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": '{"settings_leave_out": "all"}'})
    try:
        tenant = Tenant(emulator, **rules)
        if field == "domains":
            with pytest.raises(MissingField, match=r"get_settings: the answer lacks: data\.domains"):
                tenant.up()
        else:
            tenant.up()
        held = tenant.rules()
        assert held != (set(), {})
        tenant.domains, tenant.users = (), ()
        with pytest.raises(MissingField, match=rf"get_settings: the answer lacks: data\.{field}"):
            tenant.up()
        assert tenant.rules() == held
    finally:
        emulator.stop()


def test_faults_are_told_in_the_preview() -> None:
    assert DomainsProvider().check({}, {"user_id": "1", "routes": {"ann@acme.example": ""}}).failures
    assert WhitelistProvider().check({}, {"user_id": "1", "entries": {"acme.example": "user"}}).failures
    assert WhitelistProvider().check({}, {"user_id": "1", "entries": {"ann@acme.example": "boss"}}).failures
