"""The engine asks in an order of its own: whichever it is, each resource gets the same result and the same words.

Of each resource it asks `check`, then `diff` of one that the state has, then `create` or `update`; what comes between
the requests of one resource is anything of the others.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from components.clearml.api import transport
from components.clearml.api.errors import ClearMLError
from components.clearml.company.resource import CompanyProvider
from components.clearml.run.intent import INTENT, CompanyRequest, Intent
from components.clearml.run.ledger import Ledger
from components.clearml.run.session import forget_sessions, session_for
from settings.models.tenant import Tenant
from tests.api.declarations.environment import tenant, wired
from tests.api.environment import Environment
from tests.api.run.orders import Case, Requests, assert_same, every_order_of, random_order
from tests.api.runs import connected, connection
from tests.emulator import Emulator, start_emulator

_trusted = functools.cache(transport._trusted)


def _tenant(name: str, company: str, **more: Any) -> Tenant:
    """Its admin's e-mail is written with a capital, as people do."""
    content = {"company": company, "admin": {"name": "Admin", "email": f"Admin@{name}.example"}}
    return tenant(name, {**content, "protect": False, **more})


def _by_hand(emulator: Emulator, name: str, *emails: str) -> str:
    """A company that is there already, with these admins."""
    company: str = emulator.data_of("system.create_company", {"name": name})["id"]
    for email in emails:
        body = {"name": "Somebody", "company": company, "email": email, "role": "admin"}
        emulator.data_of("auth.create_user", body)
    return company


def _up(*tenants: Tenant) -> Callable[[Environment], Mapping[str, str]]:
    def before(environment: Environment) -> Mapping[str, str]:
        environment.up(list(tenants))
        return {name.partition("/")[0]: each.id for name, each in environment.state.items() if "/company" in name}

    return before


def _hand_made(**companies: Sequence[str]) -> Callable[[Environment], Mapping[str, str]]:
    def before(environment: Environment) -> Mapping[str, str]:
        return {name: _by_hand(environment.emulator, name, *emails) for name, emails in companies.items()}

    return before


def _both(
    first: Callable[[Environment], Mapping[str, str]], second: Callable[[Environment], Mapping[str, str]]
) -> Callable[[Environment], Mapping[str, str]]:
    return lambda environment: {**first(environment), **second(environment)}


_PASSED_ON = "goes from one company to another in this change"
SMALL = {
    "nothing is there": Case(_hand_made(), lambda _: [_tenant("acme", "Acme"), _tenant("beta", "Beta")], {}),
    "an id of the company that another, new tenant asks for by its name": Case(
        _hand_made(Acme=()),
        lambda ids: [_tenant("acme", "Acme", adopt=True), _tenant("beta", "Beta", companyId=ids["Acme"])],
        {"beta/company": "the one of the tenant of Admin@acme.example"},
    ),
    "an id of the company of another tenant that a lost run made": Case(
        _hand_made(Acme=("Admin@acme.example",)),
        lambda ids: [_tenant("acme", "Acme"), _tenant("beta", "Beta", companyId=ids["Acme"])],
        {"beta/company": "the one of the tenant of Admin@acme.example"},
    ),
    "two names are swapped": Case(
        _up(_tenant("acme", "Acme"), _tenant("beta", "Beta")),
        lambda _: [_tenant("acme", "Beta"), _tenant("beta", "Acme")],
        {"acme/company": f"'Acme' {_PASSED_ON}", "beta/company": f"'Beta' {_PASSED_ON}"},
    ),
    "a name goes to another that is there": Case(
        _up(_tenant("acme", "Acme"), _tenant("beta", "Beta")),
        lambda _: [_tenant("acme", "Other"), _tenant("beta", "ACME")],
        {"acme/company": f"'Acme' {_PASSED_ON}", "beta/company": "no company can be named 'ACME' now"},
    ),
    "a name goes to a new tenant": Case(
        _up(_tenant("acme", "Acme")),
        lambda _: [_tenant("acme", "Other"), _tenant("beta", "Acme")],
        {"acme/company": f"'Acme' {_PASSED_ON}", "beta/company": "Admin@beta.example is none"},
    ),
    "a name goes to a new tenant that takes what it finds": Case(
        _up(_tenant("acme", "Acme")),
        lambda _: [_tenant("acme", "Other"), _tenant("beta", "Acme", adopt=True)],
        {"acme/company": f"'Acme' {_PASSED_ON}", "beta/company": "the one of the tenant of Admin@acme.example"},
    ),
    "a company adopted by its id gives up a name that another takes": Case(
        _both(_up(_tenant("acme", "Acme")), _hand_made(Beta=("Admin@beta.example",))),
        lambda ids: [_tenant("acme", "Beta"), _tenant("beta", "Other", companyId=ids["Beta"])],
        {"acme/company": "no company can be named 'Beta' now", "beta/company": f"'Beta' {_PASSED_ON}"},
    ),
    "an e-mail is somebody's elsewhere": Case(
        _hand_made(Elsewhere=("Admin@beta.example",)),
        lambda _: [_tenant("acme", "Acme"), _tenant("beta", "Beta")],
        {"beta/company": "Admin@beta.example is already a user"},
    ),
}


@pytest.fixture(autouse=True)
def _certificates_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of runs here are hundreds of new processes' clients."""
    monkeypatch.setattr(transport, "_trusted", _trusted)


@pytest.fixture(scope="module")
def uncounting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A server that does not count internal users, as only a company of ours shows."""
    told = json.dumps({"company_user_counts_internal": False})
    server = start_emulator(Path(tmp_path_factory.mktemp("server")), {"EMULATOR_ASSUMPTIONS": told})
    yield server
    server.stop()


@pytest.mark.parametrize("name", SMALL)
def test_every_order_of_two_tenants(server: Emulator, name: str) -> None:
    assert_same(SMALL[name], server, every_order_of(SMALL[name], server))


@pytest.mark.parametrize(
    ("name", "resource"), [(name, resource) for name, case in SMALL.items() for resource in case.expected]
)
def test_who_is_refused_is_refused_alone_too(server: Emulator, name: str, resource: str) -> None:
    """`--target`: the engine asks of no other resource, and what all tenants declare is handed over all the same."""
    outcomes, _ = SMALL[name].run(server, lambda lengths: [resource] * lengths[resource])
    assert SMALL[name].expected[resource] in outcomes[resource]
    assert {told for each, told in outcomes.items() if each != resource} == {""}


def _admin_lost(environment: Environment) -> Mapping[str, str]:
    """Acme has its company and no admin any more, as a refresh finds it; Beta's company is there and nobody in it."""
    emulator = environment.emulator
    environment.up([_tenant("acme", "Acme")])
    company, admin = environment.state["acme/company"].id, environment.state.pop("acme/admin").id
    body = {"name": "Chief", "company": company, "email": "chief@acme.example", "role": "admin", "internal": True}
    chief = emulator.data_of("auth.create_user", body)["id"]
    emulator.data_of("auth.delete_user", {"user": admin}, headers={"X-Clearml-Act-As": chief})
    return _hand_made(Beta=())(environment)


@pytest.mark.parametrize("before", [_hand_made(Acme=(), Beta=()), _admin_lost], ids=["adopted", "admin lost"])
def test_every_order_where_only_our_own_companies_show_what_is_counted(
    uncounting: Emulator, before: Callable[[Environment], Mapping[str, str]]
) -> None:
    """Whose admin is made by this run shows nothing: it might have been made after the question."""
    case = Case(before, lambda _: [_tenant("acme", "Acme", adopt=True), _tenant("beta", "Beta")], {})
    assert_same(case, uncounting, every_order_of(case, uncounting))


def test_check_and_diff_leave_nothing_behind_but_the_intent(emulator: Emulator) -> None:
    environment, old = Environment(emulator), [_tenant("acme", "Acme"), _tenant("beta", "Beta")]
    environment.up(old)
    forget_sessions()
    emulator.clear_calls()
    session = session_for(connection(emulator))
    for wanted in wired([_tenant("acme", "Beta"), _tenant("beta", "Acme")]):
        request = Requests(environment, wanted)
        for step in request.steps()[:-1]:
            step()
    assert emulator.calls() == []
    assert session.ledger == Ledger()
    assert session.intent is not None
    assert session.intent.names == {"acme", "beta"}


def test_two_declarations_in_one_run_are_refused(emulator: Emulator) -> None:
    """Each resource is handed the same; where one is not, it is not known what the tenants are."""
    provider = connected(CompanyProvider, connection(emulator))
    for company, refused in (("Acme", False), ("Acme", False), ("Other", True)):
        intent = Intent((CompanyRequest(company, "admin@acme.example"),))
        inputs = {"name": company, "admin_email": "admin@acme.example", INTENT: intent.text}
        with pytest.raises(ClearMLError, match="run the same command again") if refused else nullcontext():
            assert INTENT not in provider.check({}, inputs).inputs


@pytest.mark.parametrize("change", ["cycle", "mixed"])
def test_orders_of_many_tenants(server: Emulator, change: str) -> None:
    """Seeded, since there are more than anybody tries."""
    names = ("acme", "beta", "carol", "delta", "echo")
    old = [_tenant(name, name.title()) for name in names]
    new = {
        "cycle": [_tenant(name, names[(n + 1) % len(names)].title()) for n, name in enumerate(names)],
        "mixed": [
            _tenant("acme", "Beta"),
            _tenant("beta", "Free"),
            _tenant("carol", "CAROL"),
            _tenant("delta", "Delta"),
            _tenant("fox", "Echo", adopt=True),
            _tenant("echo", "Foxtrot"),
        ],
    }[change]
    expected = {
        "cycle": {f"{name}/company": f"'{name.title()}' {_PASSED_ON}" for name in names},
        "mixed": {
            "acme/company": "no company can be named 'Beta' now",
            "beta/company": f"'Beta' {_PASSED_ON}",
            "echo/company": f"'Echo' {_PASSED_ON}",
            "fox/company": "the one of the tenant of Admin@echo.example",
        },
    }[change]
    assert_same(Case(_up(*old), lambda _: new, expected), server, map(random_order, range(12)))
