"""The tenant's admin: adopted if it is this tenant's, refused if it is somebody else's, never moved."""

from __future__ import annotations

import pytest
from pulumi.runtime import rpc

from components.clearml.admin_user.resource import AdminUserProvider
from components.clearml.run.refusals import UserTaken
from components.clearml.run.session import forget_sessions
from tests.api.runs import Tenant
from tests.emulator import Emulator


def _tenant_without_admin(tenant: Tenant) -> None:
    provider = tenant.provider("company")
    tenant._create("company", provider, tenant.declared("company"))
    forget_sessions()


def _user(emulator: Emulator, company: str, email: str, role: str) -> str:
    body = {"name": "Somebody", "company": company, "email": email, "role": role}
    user: str = emulator.data_of("auth.create_user", body)["id"]
    return user


def test_admin_is_internal(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    (user,) = [each for each in emulator.state()["users"] if each["email"] == tenant.email]
    assert (user["role"], user["internal"], user["name"]) == ("admin", True, "Acme Admin")


def test_admin_of_this_company_is_adopted_and_named(tenant: Tenant, emulator: Emulator) -> None:
    _tenant_without_admin(tenant)
    there = _user(emulator, tenant.state["company"].id, tenant.email, "admin")
    tenant.up()
    assert tenant.state["admin"].id == there
    tenant.assert_exact()
    assert tenant.state["admin"].properties["name"] == tenant.admin_name


def test_user_of_another_company_is_refused(tenant: Tenant, emulator: Emulator) -> None:
    other = emulator.data_of("system.create_company", {"name": "Globex"})["id"]
    _user(emulator, other, tenant.email, "admin")
    with pytest.raises(UserTaken, match="Globex"):
        tenant.up()
    assert tenant.companies() == []  # one without an admin would be nobody's


def test_user_who_is_no_admin_is_refused(tenant: Tenant, emulator: Emulator) -> None:
    _tenant_without_admin(tenant)
    _user(emulator, tenant.state["company"].id, tenant.email, "user")
    with pytest.raises(UserTaken, match="role user"):
        tenant.up()


@pytest.mark.parametrize(("name", "value"), [("email", "other@acme.example"), ("company_id", "2")])
def test_what_cannot_change_is_refused_in_the_preview(name: str, value: str) -> None:
    olds = {"email": "admin@acme.example", "company_id": "1", "name": "Ann"}
    (failure,) = AdminUserProvider().check(olds, {**olds, name: value}).failures
    assert failure.property == name
    assert olds[name] in failure.reason
    assert not AdminUserProvider().check(olds, {**olds, name: rpc.UNKNOWN}).failures


def test_vanished_admin_is_gone(tenant: Tenant) -> None:
    """And so are the keys it held; the rules are reached again by the next admin."""
    tenant.up()
    forget_sessions()
    for resource in ("admin", "agent", "domains", "admins"):
        kept = tenant.state[resource]
        props = {**kept.properties, "user_id": "f" * 32}
        nobody = "f" * 32 if resource == "admin" else kept.id
        assert tenant.provider(resource).read(nobody, props).id == ""


def test_name_changed_by_hand_is_put_back(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    admin = tenant.state["admin"].id
    owner = {"X-Clearml-Impersonate-As": admin}
    emulator.data_of("users.update", {"user": admin, "name": "Mallory"}, headers=owner)
    assert tenant.refresh() == ["admin"]
    assert tenant.up() == ["admin"]
    assert tenant.refresh() == []
