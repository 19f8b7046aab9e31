"""Domains and e-mails that change tenants: never in two at a time, in any order, interrupted or not."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from components.clearml.run.intent import INTENT, Intent
from components.clearml.run.refusals import AdminChanged, TenantProtected
from components.clearml.run.session import forget_sessions
from components.clearml.sign_in.removals import SignInRuleRemovalsProvider
from tests.api.declarations.tenant import Kept
from tests.api.kill import kill_at
from tests.api.runs import Tenant, connected, connection
from tests.emulator import Emulator


@dataclass
class Environment:
    """Tenants with one Departures between them; `tenants` are run in this order."""

    emulator: Emulator
    tenants: list[Tenant]
    kept: dict[str, Any] = field(default_factory=dict)

    def up(self) -> None:
        """What leaves first, then every tenant; in a new process. Raises what a resource raises."""
        self.leave()
        for tenant in self.tenants:
            tenant.left = self.kept.get("left") or {}
            tenant.arrive()

    def leave(self) -> None:
        """The first half of a run, which may be the last: what a tenant no longer has is taken from it."""
        forget_sessions()
        rules = {admin: each for tenant in self.tenants for admin, each in tenant.declared_rules().items()}
        provider = connected(SignInRuleRemovalsProvider, connection(self.emulator))
        intent = Intent(tuple(tenant.request() for tenant in self.tenants))
        checked = provider.check(self.kept, {"tenants": rules, INTENT: intent.text})
        assert not checked.failures, checked.failures[0].reason
        if not self.kept:
            self.kept = provider.create(checked.inputs).outs or {}
        elif provider.diff("departures", self.kept, checked.inputs).changes:
            self.kept = provider.update("departures", self.kept, checked.inputs).outs or {}


def _two(emulator: Emulator) -> tuple[Tenant, Tenant]:
    acme = Tenant(emulator)
    globex = Tenant(
        emulator,
        name="Globex",
        email="admin@globex.example",
        domains=("globex.example",),
        admins=("gil@globex.example",),
        users=("guy@globex.example",),
    )
    return acme, globex


def _in_two(emulator: Emulator) -> list[str]:
    rules = emulator.state()["rules"]
    held = Counter(name for each in rules for name in {*each["domains"], *(one["email"] for one in each["whitelist"])})
    return [name for name, times in held.items() if times > 1]


def _swap(acme: Tenant, globex: Tenant) -> None:
    acme.domains, globex.domains = globex.domains, acme.domains
    acme.users, globex.users = globex.users, acme.users


def _move(acme: Tenant, globex: Tenant) -> None:
    globex.domains = (*globex.domains, *acme.domains)
    globex.admins = (*globex.admins, acme.users[0])
    acme.domains, acme.users = (), acme.users[1:]


@pytest.mark.parametrize("change", [_swap, _move])
@pytest.mark.parametrize("giver_first", [True, False])
def test_in_either_order(emulator: Emulator, giver_first: bool, change: Callable[[Tenant, Tenant], None]) -> None:
    acme, globex = _two(emulator)
    environment = Environment(emulator, [acme, globex] if giver_first else [globex, acme])
    environment.up()
    change(acme, globex)
    environment.up()
    assert _in_two(emulator) == []
    for tenant in (acme, globex):
        tenant.assert_exact()
    emulator.clear_calls()
    environment.up()
    assert emulator.calls() == []


@pytest.mark.parametrize("change", [_swap, _move])
def test_killed_after_any_call(emulator: Emulator, change: Callable[[Tenant, Tenant], None]) -> None:
    killed = sum(1 for _ in _killed_after_each_call(emulator, change))
    assert killed > 4


def _in_one(emulator: Emulator) -> None:
    assert _in_two(emulator) == []


def _killed_after_each_call(emulator: Emulator, change: Callable[[Tenant, Tenant], None]) -> Iterator[int]:
    for calls in itertools.count(1):
        emulator.empty()
        acme, globex = _two(emulator)
        environment = Environment(emulator, [globex, acme])
        environment.up()
        change(acme, globex)
        if not kill_at(calls, environment.up, lambda: _in_one(emulator)):
            return
        environment.up()
        assert _in_two(emulator) == []
        acme.assert_exact()
        globex.assert_exact()
        yield calls


def test_what_a_tenant_keeps_never_leaves_it(emulator: Emulator) -> None:
    """Its people can join it all the time, also if the run ends between the two halves."""
    acme, globex = _two(emulator)
    acme.domains = ("acme.example", "acme.partner.example")
    environment = Environment(emulator, [acme, globex])
    environment.up()
    acme.domains, globex.domains = ("acme.partner.example",), ("acme.example", "globex.example")
    environment.leave()
    assert acme.rules()[0] == {"acme.partner.example"}
    assert globex.rules()[0] == {"globex.example"}
    environment.up()
    acme.assert_exact()
    globex.assert_exact()


def test_taken_over_from_a_tenant_whose_file_is_removed(emulator: Emulator) -> None:
    """The engine deletes a removed tenant's resources last; its rules are free before."""
    acme, globex = _two(emulator)
    environment = Environment(emulator, [acme, globex])
    environment.up()
    globex.domains = (*globex.domains, *acme.domains)
    environment.tenants = [globex]
    environment.up()
    globex.assert_exact()
    assert acme.rules() == (set(), {})


def test_renamed_file_loses_no_rule(emulator: Emulator) -> None:
    """New resources take over the company, then the engine deletes the old ones."""
    acme, globex = _two(emulator)
    environment = Environment(emulator, [acme, globex])
    environment.up()
    again = Tenant(emulator, file="again")
    environment.tenants = [again, globex]
    environment.up()
    acme.destroy()
    again.assert_exact()
    globex.assert_exact()


def test_protected_tenant_is_refused_in_the_preview(emulator: Emulator) -> None:
    acme, globex = _two(emulator)
    acme.protect = True
    environment = Environment(emulator, [acme, globex])
    environment.up()
    environment.tenants = [globex]
    emulator.clear_calls()
    with pytest.raises(TenantProtected, match="tenant Acme is protected: put its file back"):
        environment.up()
    assert emulator.calls() == []


def test_admins_other_email_is_refused_before_any_rule_is_taken(emulator: Emulator) -> None:
    """By the resource that comes first: to it the tenant would be gone, and another there."""
    acme, globex = _two(emulator)
    environment = Environment(emulator, [acme, globex])
    environment.up()
    acme.email = "chief@acme.example"
    emulator.clear_calls()
    with pytest.raises(AdminChanged, match=r"tenant Acme: no call changes a user's e-mail: put back admin@acme"):
        environment.up()
    assert emulator.calls() == []


def test_preview_says_who_stays(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    """When a domain or an e-mail leaves a tenant, once a run; not when a role changes, nor when nothing does."""
    acme, globex = _two(emulator)
    environment = Environment(emulator, [acme, globex])
    environment.up()
    environment.up()
    acme.admins, acme.users = (*acme.admins, acme.users[0]), acme.users[1:]
    environment.up()
    assert "stay" not in capsys.readouterr().out
    acme.domains, acme.users = (), ()
    environment.up()
    said = [line for line in capsys.readouterr().out.splitlines() if "stay" in line]
    assert said == [
        "tenant Acme: sign-in rules removed for acme.example, cid@partner.example. New users no longer join this "
        "tenant; users who already signed in stay."
    ]


def test_preview_says_where_a_moved_domain_leads(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    acme, globex = _two(emulator)
    environment = Environment(emulator, [acme, globex])
    environment.up()
    globex.domains, acme.domains = (*globex.domains, *acme.domains), ()
    environment.up()
    said = [line for line in capsys.readouterr().out.splitlines() if "stay" in line]
    assert said == [
        "tenant Acme: sign-in rules removed for acme.example. New users no longer join this tenant; users who already "
        "signed in stay. acme.example leads new users to tenant Globex now."
    ]


def test_one_tenants_failure_keeps_nobody_elses_rules(emulator: Emulator) -> None:
    """Every tenant is tried, and those that fail are told together; the next run goes on."""
    acme, globex = _two(emulator)
    environment = Environment(emulator, [acme, globex])
    environment.up()
    acme.users, globex.users = (), ()
    emulator.faults([{"endpoint": "auth.get_users_info", "kind": "error-before", "times": 5}])
    with pytest.raises(Exception, match=r"auth\.get_users_info"):
        environment.up()
    emulator.faults([])
    assert globex.rules()[1] == dict.fromkeys(globex.admins, "admin")
    environment.up()
    acme.assert_exact()


def test_kept_is_what_was_declared(emulator: Emulator) -> None:
    """Nothing of it is read from the server, so a refresh costs no call."""
    acme, globex = _two(emulator)
    environment = Environment(emulator, [acme, globex])
    environment.up()
    emulator.clear_calls()
    provider = connected(SignInRuleRemovalsProvider, connection(emulator))
    found = Kept("departures", provider.read("departures", environment.kept).outs or {})
    assert found.properties == environment.kept
    assert emulator.calls() == []
