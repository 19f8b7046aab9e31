"""Capitals in what identifies somebody: looked up as it was sent, compared without regard to case (contract 1.6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.clearml.run.company_refusals import CompanyTaken
from components.clearml.run.refusals import AdminChanged, UserTaken
from components.clearml.run.session import forget_sessions
from tests.api.declarations.environment import tenant
from tests.api.environment import Environment
from tests.emulator import Emulator, start_emulator

# As the reports write them: a person's name, a shouted one, one of many letters, one whose domain has the capitals.
SPELLINGS = [
    "Jane.Doe@case.example",
    "ADMIN@case.example",
    "O'Neil-Admin@case.example",
    "Alexandra.McDonaldsson@case.example",
    "platformTeam+Acme@case.example",
    "admin@Case.Example",
]


def file(email: str = SPELLINGS[0], **changes: Any) -> dict[str, Any]:
    rules = {"domains": ["case.example", "case.test"], "users": ["Bob.Smith@partner.example"]}
    plain = {"company": "Case", "protect": False, "admin": {"name": "Jane", "email": email}, "signIn": rules}
    return {**plain, **changes}


@pytest.fixture(params=[False, True], ids=["exact", "folding"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Emulator]:
    """A server that stores e-mails as given, and one that stores them in lower case."""
    running = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps({"fold_case": request.param})})
    yield running
    running.stop()


def rules(server: Emulator) -> int:
    forget_sessions()
    return len(server.data_of("login.get_whitelist", {})["entries"])


def as_before(environment: Environment) -> Environment:
    """The state as the released program left it: it knows a tenant by the folded e-mail alone."""
    departures = environment.state["departures"].properties
    for declared in departures["tenants"].values():
        declared.pop("email", None)
    return environment


@pytest.mark.parametrize("email", SPELLINGS)
def test_a_domain_and_then_the_whole_tenant_can_be_removed(server: Emulator, email: str) -> None:
    environment = Environment(server)
    environment.up([tenant("case", file(email))])
    assert environment.up([tenant("case", file(email))]) == []
    environment.up([tenant("case", file(email, signIn={"domains": ["case.example"]}))])
    assert rules(server) == 1
    environment.up([])
    assert rules(server) == 0


@pytest.mark.parametrize("email", SPELLINGS)
def test_destroy_takes_the_rules(server: Emulator, email: str) -> None:
    environment = Environment(server)
    environment.up([tenant("case", file(email))])
    forget_sessions()
    held = environment.state["departures"]
    environment._connected(held.provider).delete(held.id, dict(held.properties))
    assert rules(server) == 0


@pytest.mark.parametrize("email", [each for each in SPELLINGS if "McDonald" not in each and "+" not in each])
def test_a_state_with_the_folded_key_previews_without_a_change_and_is_removed(server: Emulator, email: str) -> None:
    environment = Environment(server)
    environment.up([tenant("case", file(email))])
    as_before(environment)
    assert environment.up([tenant("case", file(email))]) == []
    environment.up([])
    assert rules(server) == 0


@pytest.mark.parametrize("email", SPELLINGS)
def test_a_state_with_the_folded_key_is_healed_by_a_run_with_the_file(server: Emulator, email: str) -> None:
    environment = Environment(server)
    environment.up([tenant("case", file(email))])
    as_before(environment)
    environment.up([tenant("case", file(email))])
    environment.up([tenant("case", file(email, signIn={"domains": ["case.example"]}))])
    environment.up([])
    assert rules(server) == 0


@pytest.mark.parametrize("spelling", ["jane.doe@case.example", "JANE.DOE@case.example", "Jane.doe@case.example"])
def test_the_case_of_the_admin_may_be_corrected(server: Emulator, spelling: str) -> None:
    """No call changes an e-mail, and none is needed: it is the same user."""
    environment = Environment(server)
    environment.up([tenant("case", file())])
    users = server.state()["users"]
    environment.preview([tenant("case", file(spelling))])
    assert environment.up([tenant("case", file(spelling))]) == []
    environment.up([tenant("case", file(spelling, signIn={"domains": ["case.example"]}))])
    assert rules(server) == 1
    assert server.state()["users"] == users
    environment.up([])
    assert rules(server) == 0


def test_another_address_is_still_refused(emulator: Emulator) -> None:
    environment = Environment(emulator)
    environment.up([tenant("case", file())])
    with pytest.raises((AdminChanged, AssertionError), match="e-mail"):
        environment.preview([tenant("case", file("Jane.Roe@case.example"))])


@pytest.mark.parametrize(
    ("declared", "there"),
    [
        ("Jane.Doe@case.example", "Jane.Doe@case.example"),
        ("Jane.Doe@case.example", "jane.doe@case.example"),
        ("JANE.DOE@case.example", "jane.doe@case.example"),
    ],
)
def test_who_has_the_address_elsewhere_is_seen_before_a_company_is_made(
    server: Emulator, declared: str, there: str
) -> None:
    """Else an orphan company stays. An exact server cannot be asked for a spelling that nobody knows."""
    other = server.data_of("system.create_company", {"name": "Globex"})["id"]
    body = {"name": "Jane", "company": other, "email": there, "role": "admin"}
    server.data_of("auth.create_user", body)
    with pytest.raises(UserTaken, match="Globex"):
        Environment(server).up([tenant("case", file(declared))])
    assert [each["name"] for each in server.state()["companies"] if each["name"] == "Case"] == []


def test_a_lost_state_finds_the_tenant_again(server: Emulator) -> None:
    Environment(server).up([tenant("case", file())])
    found = Environment(server)
    found.up([tenant("case", file())])
    assert len([each for each in server.state()["companies"] if each["name"] == "Case"]) == 1
    found.up([])
    assert rules(server) == 0


def test_a_company_s_case_may_be_corrected(server: Emulator) -> None:
    environment = Environment(server)
    environment.up([tenant("case", file(company="acme INC."))])
    environment.up([tenant("case", file(company="Acme Inc."))])
    names = [each["name"] for each in server.state()["companies"]]
    assert "Acme Inc." in names
    assert "acme INC." not in names


def test_a_company_that_differs_in_case_is_somebody_s(server: Emulator) -> None:
    server.data_of("system.create_company", {"name": "ACME"})
    with pytest.raises(CompanyTaken, match="upper and lower case"):
        Environment(server).up([tenant("case", file(company="Acme"))])


def test_a_rule_typed_by_hand_with_capitals_is_the_same_rule(server: Emulator) -> None:
    """Of the tenant's own: nothing is written twice, and it goes with the tenant."""
    environment = Environment(server)
    plain = file(signIn={"domains": ["case.example"]})
    environment.up([tenant("case", plain)])
    admin = environment.state["case/admin"].id
    whose = {"X-Clearml-Act-As": admin}
    server.data_of("login.set_domains", {"domains": ["Case.Example"]}, headers=whose)
    server.data_of("login.add_whitelist_entries", {"emails": ["Ann@Partner.example"]}, headers=whose)
    both = file(signIn={"domains": ["case.example"], "users": ["ann@partner.example"]})
    environment.refresh()
    environment.up([tenant("case", both)])
    assert rules(server) == 2
    environment.up([])
    assert rules(server) == 0
