"""A change of sign-in rules that fails half way and is taken back, not repeated: what the files say the server has."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from components.clearml.run.refusals import SignInTaken
from settings.models.tenant import Tenant
from tests.api.declarations.environment import tenant
from tests.api.environment import Environment
from tests.api.kill import kill_at
from tests.api.program import Program
from tests.emulator import Emulator

DOMAIN, BOB, ANN = "acme.example", "bob@partner.example", "ann@partner.example"
HELD = "held.example"


def _file(name: str, **rules: Any) -> dict[str, Any]:
    admin = {"name": "Admin", "email": f"{name}@platform.example"}
    return {"company": name.title(), "admin": admin, "protect": False, "signIn": rules}


def _tenant(name: str, **rules: Any) -> Tenant:
    return tenant(name, _file(name, **rules))


ACME, GLOBEX = _tenant("acme", domains=[DOMAIN], admins=[ANN], users=[BOB]), _tenant("globex")
# Globex asks for what is Acme's, and for a domain of somebody else's, at which the run stops before it comes to Acme.
MOVES = {
    "domain": [_tenant("globex", domains=[DOMAIN, HELD]), _tenant("acme", admins=[ANN], users=[BOB])],
    "user": [_tenant("globex", domains=[HELD], users=[BOB]), _tenant("acme", domains=[DOMAIN], admins=[ANN])],
    "role": [_tenant("globex", domains=[HELD]), _tenant("acme", domains=[DOMAIN], admins=[ANN, BOB])],
    "all": [_tenant("globex", domains=[DOMAIN, HELD], admins=[BOB], users=[ANN]), _tenant("acme")],
    "file": [_tenant("globex", domains=[DOMAIN, HELD], users=[BOB])],
}


@pytest.fixture
def environment(emulator: Emulator) -> Environment:
    """Acme has its rules, Globex none, and somebody else's company the domain at which runs stop."""
    _somebody(emulator)
    started = Environment(emulator)
    started.up([GLOBEX, ACME])
    return started


def _somebody(emulator: Emulator) -> None:
    company = emulator.data_of("system.create_company", {"name": "Somebody"})["id"]
    body = {"name": "S", "company": company, "email": "s@held.example", "role": "admin"}
    user = emulator.data_of("auth.create_user", body)["id"]
    emulator.data_of("login.set_domains", {"domains": [HELD]}, headers={"X-Clearml-Act-As": user})


def _rules(emulator: Emulator) -> dict[str, Any]:
    return {
        each["company"]: (sorted(each["domains"]), {one["email"]: one["role"] for one in each["whitelist"]})
        for each in emulator.state()["rules"]
    }


@pytest.mark.parametrize("change", MOVES)
def test_taken_back_after_it_failed(environment: Environment, emulator: Emulator, change: str) -> None:
    before = _rules(emulator)
    with pytest.raises(SignInTaken, match=HELD):
        environment.up(MOVES[change])
    assert _rules(emulator) != before
    environment.up([GLOBEX, ACME])
    assert _rules(emulator) == before
    emulator.clear_calls()
    assert environment.up([GLOBEX, ACME]) == []
    assert emulator.calls() == []


@pytest.mark.parametrize("change", ["all", "file"])
def test_taking_it_back_is_killed_after_any_call(environment: Environment, emulator: Emulator, change: str) -> None:
    """And repeated. What the first run of it did is in the state, as the engine saves it after each resource."""
    before, calls = _rules(emulator), 0
    for calls in itertools.count(1):
        with pytest.raises(SignInTaken):
            environment.up(MOVES[change])
        if not kill_at(calls, lambda: environment.up([GLOBEX, ACME])):
            break
        environment.up([GLOBEX, ACME])
        assert _rules(emulator) == before
    assert calls > 4


def test_refresh_keeps_what_is_known_of_it(environment: Environment, emulator: Emulator) -> None:
    with pytest.raises(SignInTaken):
        environment.up(MOVES["all"])
    environment.refresh()
    environment.up([GLOBEX, ACME])
    assert environment.up([GLOBEX, ACME]) == []
    environment.refresh()
    assert environment.up([GLOBEX, ACME]) == []


def test_what_left_long_ago_makes_no_difference(environment: Environment, emulator: Emulator) -> None:
    """Out and in again, a hundred times: the state does not grow with it, and nothing is written twice."""
    without = _tenant("acme", domains=[DOMAIN], admins=[ANN])
    for _ in range(3):
        environment.up([GLOBEX, without])
        environment.up([GLOBEX, ACME])
        assert environment.up([GLOBEX, ACME]) == []
    assert environment.state["departures"].properties["left"] == {"acme@platform.example": {BOB: 3}}


def test_on_the_real_engine(program: Program, emulator: Emulator) -> None:
    _somebody(emulator)
    acme = _file("acme", domains=[DOMAIN], users=[BOB])
    program.write("acme", acme)
    program.write("globex", _file("globex"))
    program.up()
    before = _rules(emulator)
    program.write("acme", _file("acme", users=[BOB]))
    program.write("globex", _file("globex", domains=[DOMAIN, HELD]))
    with pytest.raises(Exception, match=f"{HELD} already signs in to company 'Somebody'"):
        program.up()
    assert _rules(emulator) != before
    program.write("acme", acme)
    program.write("globex", _file("globex"))
    program.up()
    assert _rules(emulator) == before
    assert set(program.preview()) == {"same"}
