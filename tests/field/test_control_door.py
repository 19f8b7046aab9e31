"""A company is deleted and restored behind our back, on a server of either version."""

from __future__ import annotations

import httpx
import pytest

from tests.emulator import DEFAULT_COMPANY, Emulator
from tests.local.tenants import fault_of, new_tenant


def _active(emulator: Emulator, company: str) -> bool:
    found = {each["id"]: each for each in emulator.data_of("system.get_companies", {})["companies"]}
    return bool(found[company]["active"])


def test_a_company_is_deleted_and_restored_with_all_that_is_in_it(emulator: Emulator) -> None:
    """`tenants.delete_tenant` is not there on such a server, and its database belongs to its process."""
    tenant = new_tenant(emulator)
    key = tenant.key()
    assert emulator.call("tenants.delete_tenant", {"tenant": tenant.company, "name": tenant.name}).status_code == 404
    emulator.set_active(tenant.company, active=False)
    assert not _active(emulator, tenant.company)
    assert fault_of(emulator.call("server.info", auth=key)) == (401, 22)
    emulator.set_active(tenant.company, active=True)
    assert _active(emulator, tenant.company)
    assert emulator.call("server.info", auth=key).status_code == 200


def test_it_may_be_done_twice_and_hides_no_other(emulator: Emulator) -> None:
    gone, stays = new_tenant(emulator), new_tenant(emulator)
    for _ in range(2):
        emulator.set_active(gone.company, active=False)
    assert (_active(emulator, gone.company), _active(emulator, stays.company)) == (False, True)


@pytest.mark.parametrize(
    ("company", "active", "said"),
    [
        ("nobody", False, "nobody is unknown"),
        (DEFAULT_COMPANY, False, "which nobody deletes"),
        ("nobody", "false", "active: give"),
        ("", True, "is unknown"),
    ],
    ids=["unknown", "the server's own", "a text", "empty"],
)
def test_what_the_door_does_not_understand_is_refused(
    emulator: Emulator, company: str, active: object, said: str
) -> None:
    answer = httpx.put(f"{emulator.control_url}/companies", json={"company": company, "active": active}, timeout=10)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert _active(emulator, DEFAULT_COMPANY)


@pytest.mark.parametrize("connected", [True, "2", None, 1.5])
def test_so_is_a_number_of_workers_that_is_none(emulator: Emulator, connected: object) -> None:
    body = {"company": DEFAULT_COMPANY, "connected": connected}
    answer = httpx.put(f"{emulator.control_url}/workers", json=body, timeout=10)
    assert (answer.status_code, "connected: give" in answer.json()["error"]) == (400, True)
