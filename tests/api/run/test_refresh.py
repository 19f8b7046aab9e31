"""A refresh sees what somebody changed, whatever the server shows, in few calls however many tenants there are."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from components.clearml.run.session import forget_sessions
from tests.api.runs import Tenant
from tests.emulator import Emulator, start_emulator

TENANTS = 5


def _tenants(emulator: Emulator) -> list[Tenant]:
    """Each with all that can be declared."""
    return [
        Tenant(
            emulator,
            name=f"Tenant{n}",
            email=f"admin@t{n}.example",
            domains=(f"t{n}.example",),
            admins=(f"ann@t{n}.example",),
            users=(f"bob@t{n}.example",),
            features={"reports": "granted", "applications": "excluded"},
            allowed_users=10,
        )
        for n in range(TENANTS)
    ]


def _refresh(tenants: list[Tenant]) -> list[list[str]]:
    """All in one new process; what differs from each one's state."""
    forget_sessions()
    return [[resource for resource in list(tenant.state) if tenant._look(resource)] for tenant in tenants]


def _asked(emulator: Emulator) -> Counter[str]:
    return Counter(call["endpoint"] for call in emulator.calls())


def _by_hand(tenant: Tenant, endpoint: str, **body: Any) -> None:
    somebody = {"X-Clearml-Act-As": tenant.state["admin"].id}
    tenant.emulator.data_of(endpoint, body, headers=somebody)


def _give_role(tenant: Tenant, email: str, *, admin: bool) -> None:
    """Somebody removes an entry and adds it again with another role."""
    _by_hand(tenant, "login.remove_whitelist_entries", emails=[email])
    _by_hand(tenant, "login.add_whitelist_entries", emails=[email], is_admin=admin)


def test_three_calls_a_tenant_and_two_lists(emulator: Emulator) -> None:
    tenants = _tenants(emulator)
    for tenant in tenants:
        tenant.up()
    emulator.clear_calls()
    assert _refresh(tenants) == [[]] * TENANTS
    assert _asked(emulator) == {
        "system.get_companies": 1,
        "login.get_whitelist": 1,
        "users.get_current_user": TENANTS,
        "auth.get_credentials": TENANTS,
        "system.company_info": TENANTS,
    }


def test_only_the_tenant_that_looks_otherwise_is_asked_again(emulator: Emulator) -> None:
    tenants = _tenants(emulator)
    for tenant in tenants:
        tenant.up()
    _by_hand(tenants[2], "login.set_domains", domains=["elsewhere.example"])
    emulator.clear_calls()
    assert _refresh(tenants) == [[], [], ["domains"], [], []]
    assert _asked(emulator)["login.get_settings"] == 1


@pytest.mark.parametrize(
    "reading",
    [{}, {"whitelist_shape": "entries"}, {"whitelist_shows_accepted": False}, {"whitelist_unfiltered": "refuse"}],
    ids=lambda reading: next(iter(reading), "plain"),
)
def test_no_drift_is_made_up(tmp_path: Path, reading: dict[str, Any]) -> None:
    """Somebody has signed in; whatever the server's list shows of that, nothing was changed by hand."""
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps(reading)})
    try:
        tenant = Tenant(emulator)
        tenant.up()
        emulator.sign_in("ann@acme.example")
        assert tenant.refresh() == []
        assert tenant.up() == []
        _by_hand(tenant, "login.remove_whitelist_entries", emails=["bob@partner.example"])
        assert tenant.refresh() == ["users"]
        assert tenant.up() == ["users"]
        assert tenant.refresh() == []
    finally:
        emulator.stop()


@pytest.mark.parametrize(
    ("resource", "email", "was"), [("admins", "ann@acme.example", "user"), ("users", "bob@partner.example", "admin")]
)
def test_changed_role_of_a_pending_entry_is_put_back(tenant: Tenant, resource: str, email: str, was: str) -> None:
    tenant.up()
    _give_role(tenant, email, admin=was == "admin")
    assert tenant.refresh() == [resource]
    assert tenant.state[resource].properties["entries"][email] == was
    assert tenant.up() == [resource]
    tenant.assert_exact()
    assert tenant.refresh() == []


def test_role_of_somebody_who_signed_in_is_the_tenants_business(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    _give_role(tenant, "ann@acme.example", admin=False)
    emulator.sign_in("ann@acme.example")
    assert tenant.refresh() == []
    assert tenant.up() == []


def test_own_writes_are_seen_in_the_same_process(tenant: Tenant) -> None:
    """The list that a refresh asked for is older than what the same run takes away after it."""
    tenant.up()
    assert tenant.refresh() == []
    before = dict(tenant.state["users"].properties)
    tenant.users = ()
    tenant._bring("departures", {"tenants": tenant.declared_rules()})
    tenant.state["users"].properties = before
    assert tenant._look("users")
    assert tenant.state["users"].properties["entries"] == {}
