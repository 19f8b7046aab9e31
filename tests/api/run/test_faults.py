"""Whatever goes wrong with whichever call, once or three times in a row: a run succeeds or ends in one plain line, and
a plain second run converges. Never two companies, two admins or two live keys for one purpose.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.api.faulty import KINDS, attempt, fault
from tests.api.runs import QUICK, Tenant
from tests.emulator import Emulator

# What each run calls; recorded anew and compared by `test_table_names_all_that_is_called`.
FIRST_RUN = (
    "system.create_company",
    "auth.create_user",
    "auth.create_credentials",
    "login.set_domains",
    "login.add_whitelist_entries",
    "system.get_companies",
    "system.company_info",
    "auth.get_users_info",
    "users.get_current_user",
    "login.get_whitelist",
    "login.get_settings",
)
CHANGE = (
    "organization.update_company_name",
    "users.update",
    "system.update_company_settings",
    "auth.create_credentials",
    "auth.revoke_credentials",
    "login.set_domains",
    "login.add_whitelist_entries",
    "login.remove_whitelist_entries",
    "auth.login",
    "auth.get_users_info",
    "auth.get_credentials",
    "system.get_companies",
    "system.company_info",
    "users.get_current_user",
    "login.get_whitelist",
    "login.get_settings",
)
REFRESH = (
    "system.get_companies",
    "system.company_info",
    "users.get_current_user",
    "auth.get_credentials",
    "login.get_whitelist",
)
REMOVAL = (
    "auth.revoke_credentials",
    "login.set_domains",
    "login.remove_whitelist_entries",
    "system.get_companies",
    "auth.get_users_info",
    "auth.get_credentials",
    "users.get_current_user",
    "login.get_whitelist",
    "login.get_settings",
)
# What only the return of a tenant calls, beside what the others do.
RETURN = ("users.get_all",)
_numbers = itertools.count()


@pytest.fixture
def newcomer(server: Emulator) -> Iterator[Tenant]:
    server.empty()
    yield _tenant(server)
    server.faults([])


def _tenant(server: Emulator) -> Tenant:
    n = next(_numbers)
    return Tenant(
        server,
        name=f"tenant{n}",
        file=f"tenant{n}",
        email=f"admin@t{n}.example",
        domains=(f"t{n}.example", f"t{n}.org"),
        admins=(f"ann@t{n}.example",),
        users=(f"bob@t{n}.example", f"cid@t{n}.example"),
        features={"reports": "granted", "app_management": "excluded"},
        allowed_users=10,
    )


def _each(endpoints: Sequence[str]) -> Callable[[Any], Any]:
    """Each endpoint goes wrong once, which is got over, and three times in a row, which is not."""
    return pytest.mark.parametrize(("endpoint", "times"), [*itertools.product(endpoints, (1, 3))])


def _run(tenant: Tenant, act: Callable[[], Any], endpoint: str, kind: str, times: int) -> None:
    """With the fault; it succeeds, or fails in one line with no secret in it. What follows goes well."""
    print(f"{endpoint}: {kind} {times} times")
    tenant.limits = replace(QUICK, attempts=3)
    tenant.emulator.faults([fault(endpoint, kind, times)])
    line = attempt(act) or ""
    assert tenant.emulator.faults_to_come() < times, f"{endpoint} is not called"
    tenant.emulator.faults([])
    kept = [each.properties.get("secret_key") for each in tenant.state.values()]
    assert [secret for secret in (tenant.emulator.secret, *kept) if secret and secret in line] == []


def _edit(tenant: Tenant) -> None:
    """Everything changes; done once more, most of it is as it was."""
    n = tenant.generation = tenant.generation + 1
    tenant.admin_name = f"Admin {n}"
    tenant.name = f"{tenant.slug} {n}"
    tenant.features = {"pipelines" if n % 2 else "app_management": "granted", "reports": "excluded"}
    tenant.allowed_users = 10 + n
    tenant.domains = (tenant.domains[0], f"n{n}.{tenant.domains[0]}")
    # One e-mail moves from the users to the admins, one the other way.
    tenant.admins, tenant.users = (tenant.admins[0], tenant.users[0]), (*tenant.users[1:], *tenant.admins[1:])


def _assert_settled(tenant: Tenant) -> None:
    """As declared, once, and nothing is left to do."""
    tenant.assert_exact()
    (company,) = [each for each in tenant.emulator.state()["companies"] if each["name"] == tenant.name]
    its = {how: [name for name, held in tenant.features.items() if held == how] for how in ("granted", "excluded")}
    held = company["features"], company["exclude_features"], company["allowed_users"]
    assert held == (its["granted"], its["excluded"], tenant.allowed_users)
    assert tenant.up() == []


@pytest.mark.parametrize("kind", KINDS)
@_each(FIRST_RUN)
def test_first_run(newcomer: Tenant, endpoint: str, kind: str, times: int) -> None:
    _run(newcomer, newcomer.up, endpoint, kind, times)
    newcomer.up()
    _assert_settled(newcomer)


@_each(CHANGE)
def test_change(newcomer: Tenant, endpoint: str, times: int) -> None:
    """One tenant is changed again and again, and every time something else goes wrong."""
    newcomer.up()
    for kind in KINDS:
        _edit(newcomer)
        _run(newcomer, newcomer.up, endpoint, kind, times)
        newcomer.up()
        _assert_settled(newcomer)


@_each(REFRESH)
def test_refresh(newcomer: Tenant, endpoint: str, times: int) -> None:
    """A read that fails forgets nothing."""
    newcomer.up()
    for kind in KINDS:
        _run(newcomer, newcomer.refresh, endpoint, kind, times)
        assert newcomer.refresh() == []
        _assert_settled(newcomer)


@_each(REMOVAL)
def test_removal(newcomer: Tenant, endpoint: str, times: int) -> None:
    for kind in KINDS:
        newcomer.up()
        _run(newcomer, newcomer.destroy, endpoint, kind, times)
        newcomer.destroy()
        assert (newcomer.keys(), newcomer.rules()) == ({}, (set(), {}))
        assert len(newcomer.companies()) == 1


@_each(RETURN)
def test_return(newcomer: Tenant, endpoint: str, times: int) -> None:
    newcomer.up()
    for kind in KINDS:
        newcomer.destroy()
        _run(newcomer, newcomer.up, endpoint, kind, times)
        newcomer.up()
        _assert_settled(newcomer)


def test_table_names_all_that_is_called(newcomer: Tenant) -> None:
    """A call that is new in any run has to be added, and so gets its faults."""
    assert _called(newcomer, newcomer.up) == {*FIRST_RUN}
    _edit(newcomer)
    assert _called(newcomer, newcomer.up) == {*CHANGE}
    assert _called(newcomer, newcomer.refresh) == {*REFRESH}
    assert _called(newcomer, newcomer.destroy) == {*REMOVAL}
    assert _called(newcomer, newcomer.up) - {*FIRST_RUN, *CHANGE} == {*RETURN}


def _called(tenant: Tenant, act: Callable[[], Any]) -> set[str]:
    tenant.emulator.clear_calls()
    act()
    return {call["endpoint"] for call in tenant.emulator.calls()}
