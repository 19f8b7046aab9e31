"""Keys that people made go when the tenant's file lists them: those alone, and only of the tenant's own company."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from components.clearml.api.client import Client
from components.clearml.credentials.key_revocations import KeyNotRevoked
from operations.health.key_facts import key_fact
from settings.models.tenant import Tenant
from tests.api.declarations.environment import tenant
from tests.api.environment import Environment
from tests.api.faulty import attempt
from tests.api.kill import kill_at
from tests.api.runs import connection
from tests.emulator import Emulator
from tests.tenants import whole


class Hands:
    """A person who makes keys by curl, for the admin of a tenant's company or for a user of theirs."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def key(self, of: str, label: str | None = None, **more: Any) -> str:
        owner = {"X-Clearml-Impersonate-As": self._id(of)}
        body = {**({"label": label} if label else {}), **more}
        made = self.emulator.data_of("auth.create_credentials", body, headers=owner)["credentials"]
        return str(made["access_key"])

    def user(self, name: str, like: str) -> str:
        """An admin of the company of `like`; the address."""
        company = next(each["company"] for each in self.emulator.state()["users"] if each["email"] == like)
        body = {"name": name, "email": f"{name}@people.example", "company": company, "role": "admin"}
        self.emulator.data_of("auth.create_user", body)
        return f"{name}@people.example"

    def live(self) -> set[str]:
        return {each["access_key"] for each in self.emulator.state()["credentials"]}

    def _id(self, email: str) -> str:
        return str(next(each["id"] for each in self.emulator.state()["users"] if each["email"] == email))


ADMIN, OTHER = "admin@acme.example", "admin@beta.example"


@pytest.fixture
def hands(emulator: Emulator) -> Hands:
    return Hands(emulator)


@pytest.fixture
def environment(emulator: Emulator) -> Environment:
    made = Environment(emulator)
    made.up([acme(), beta()])
    return made


def acme(*keys: str) -> Tenant:
    return tenant("acme", {**whole("acme"), **({"revokeKeys": list(keys)} if keys else {})})


def beta() -> Tenant:
    return tenant("beta", whole("beta"))


def test_listed_keys_go_and_no_other_does(
    environment: Environment, hands: Hands, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = hands.user("ann", ADMIN)
    first, second, stays = hands.key(ADMIN, "by hand"), hands.key(ann), hands.key(ADMIN)
    before = hands.live()
    assert environment.up([acme(first, second), beta()]) == ["acme/revocations"]
    assert before - hands.live() == {first, second}
    assert stays in hands.live()
    assert f"revoked key {first} of user " in capsys.readouterr().out


def test_nothing_is_called_when_nothing_changed(environment: Environment, hands: Hands) -> None:
    """Nor when a key is taken out of the list."""
    first, second = hands.key(ADMIN), hands.key(ADMIN)
    environment.up([acme(first, second), beta()])
    environment.emulator.clear_calls()
    assert environment.up([acme(first, second), beta()]) == []
    assert environment.up([acme(first), beta()]) == ["acme/revocations"]
    assert environment.up([acme(), beta()]) == ["acme/revocations"]
    assert environment.emulator.calls() == []


def test_key_that_is_added_to_the_list_goes_alone(environment: Environment, hands: Hands) -> None:
    first, second = hands.key(ADMIN), hands.key(ADMIN)
    environment.up([acme(first), beta()])
    environment.emulator.clear_calls()
    environment.up([acme(first, second), beta()])
    assert second not in hands.live()
    assert [each["endpoint"] for each in environment.emulator.calls()].count("auth.revoke_credentials") == 1


def test_key_of_another_company_is_refused_and_none_goes(environment: Environment, hands: Hands) -> None:
    """By a sentence that does not say whose it is."""
    own, theirs = hands.key(ADMIN), hands.key(OTHER, "their laptop")
    before = hands.live()
    line = attempt(lambda: environment.up([acme(own, theirs), beta()]))
    assert line == (
        f"revokeKeys: {theirs} is no key of this tenant's company: take it out of the tenant's file; none of the keys "
        "listed with it was revoked"
    )
    assert hands.live() == before


@pytest.mark.parametrize("label", ["mine now", "local/acme/agent/1"])
def test_key_of_a_worker_is_refused(environment: Environment, hands: Hands, label: str) -> None:
    """By the state, also where a person gave it another label."""
    held = environment.state["acme/agent-1"]
    owner = {"X-Clearml-Impersonate-As": held.properties["user_id"]}
    environment.emulator.data_of("auth.edit_credentials", {"access_key": held.id, "label": label}, headers=owner)
    with pytest.raises(KeyNotRevoked, match="is this program's own key"):
        environment.up([acme(held.id), beta()])
    assert held.id in hands.live()


@pytest.mark.parametrize("label", ["local/acme/agent/7", "local/acme-before/agent/1"])
def test_key_with_a_label_of_this_stack_is_refused(environment: Environment, hands: Hands, label: str) -> None:
    """What a run that was cut off has left goes by a refresh and a run."""
    lost = hands.key(ADMIN, label)
    with pytest.raises(KeyNotRevoked, match=f"this program made \\({label}\\).* raise keyGeneration"):
        environment.up([acme(lost), beta()])
    assert lost in hands.live()


def test_programs_own_pair_is_refused(environment: Environment, hands: Hands) -> None:
    for key in (environment.emulator.key, environment.emulator.supervisor_key):
        with pytest.raises(KeyNotRevoked):
            environment.up([acme(key), beta()])
        assert key in hands.live()


def test_mistyped_key_is_told_and_one_that_is_gone_is_fine(
    environment: Environment, hands: Hands, capsys: pytest.CaptureFixture[str]
) -> None:
    key = hands.key(ADMIN)
    mistyped = f"{key[:-1]}{'A' if key[-1] != 'A' else 'B'}"
    with pytest.raises(KeyNotRevoked, match=f"{mistyped} is not there: did you mean {key}?"):
        environment.up([acme(mistyped), beta()])
    assert key in hands.live()
    anns = hands.key(hands.user("ann", ADMIN))
    mistyped = f"{anns[:-1]}{'A' if anns[-1] != 'A' else 'B'}"
    with pytest.raises(KeyNotRevoked, match=f"{mistyped} is not there: did you mean {anns}?"):
        environment.up([acme(mistyped), beta()])
    assert anns in hands.live()
    environment.up([acme("GPW7KQX2MZ4T9B1C6D8E3F5H0J2L4N"), beta()])
    assert "GPW7KQX2MZ4T9B1C6D8E3F5H0J2L4N is not there: it was revoked already" in capsys.readouterr().out


def test_run_that_is_killed_after_any_call_is_finished_by_the_next(environment: Environment, hands: Hands) -> None:
    ann = hands.user("ann", ADMIN)
    for calls in itertools.count(1):
        keys = [hands.key(ADMIN, "by hand"), hands.key(ann)]
        before = hands.live()
        wanted = [acme(*keys), beta()]
        killed = kill_at(calls, partial(environment.up, wanted))
        environment.up(wanted)
        assert before - hands.live() == set(keys)
        if not killed:
            break
        environment.up([acme(), beta()])
    assert calls > 5


@pytest.mark.parametrize("endpoint", ["auth.locate_credentials", "auth.get_credentials", "auth.revoke_credentials"])
def test_lost_answer_takes_no_other_key(environment: Environment, hands: Hands, endpoint: str) -> None:
    ann = hands.user("ann", ADMIN)
    keys = [hands.key(ADMIN), hands.key(ann)]
    before = hands.live()
    environment.emulator.faults([{"endpoint": endpoint, "kind": "error-after", "times": 1}])
    attempt(lambda: environment.up([acme(*keys), beta()]))
    environment.emulator.faults([])
    environment.up([acme(*keys), beta()])
    assert before - hands.live() == set(keys)


def test_refresh_sees_nothing_but_a_key_that_is_live_again(environment: Environment, hands: Hands) -> None:
    """As after a backup of the server was restored; the run after it revokes it once more."""
    key = hands.key(ADMIN)
    environment.up([acme(key), beta()])
    before = dict(environment.state["acme/revocations"].properties)
    environment.refresh()
    assert environment.state["acme/revocations"].properties == before
    environment.state["acme/revocations"].properties["keys"] = [again := hands.key(ADMIN)]
    environment.refresh()
    assert environment.state["acme/revocations"].properties["keys"] == []
    assert environment.up([acme(again), beta()]) == ["acme/revocations"]
    assert again not in hands.live()


def test_tenant_that_goes_calls_for_no_key(environment: Environment, hands: Hands) -> None:
    key = hands.key(ADMIN)
    environment.up([acme(key), beta()])
    stays = hands.key(ADMIN, "by hand")
    environment.up([beta()])
    assert stays in hands.live()


def test_reviewer_is_warned_of_a_key_that_something_works_with(environment: Environment, hands: Hands) -> None:
    """The deploy waits for releases that change in the same run alone."""
    owner = {"X-Clearml-Impersonate-As": environment.state["acme/admin"].id}
    made = hands.emulator.data_of("auth.create_credentials", {}, headers=owner)["credentials"]
    hands.emulator.call("users.get_current_user", auth=(made["access_key"], made["secret_key"]))
    with Client(connection(environment.emulator)) as client:
        told = key_fact(client, made["access_key"], environment.state["acme/company"].id, "prod")
    assert told.endswith("; used within a day, so something may work with it still")


def test_reviewer_is_told_of_own_keys_and_of_nobody_elses(environment: Environment, hands: Hands) -> None:
    """A tenant's author sees the comment, and may have listed anything."""
    company = environment.state["acme/company"].id
    own, theirs = hands.key(ADMIN, "by hand"), hands.key(OTHER, "their laptop")
    told: Mapping[str, str]
    with Client(connection(environment.emulator)) as client:
        listed = (own, theirs, "GPW7KQX2MZ4T9B1C6D8E3F5H0J2L4N")
        told = {key: key_fact(client, key, company, "prod") for key in listed}
        early = [key_fact(client, key, "", "prod") for key in listed]
    assert [*told.values()] == [
        "of Admin of acme, label by hand, never used",
        "no key of this tenant's company: the deploy refuses it",
        "not there: revoked already, or misspelt: compare with make status STACK=prod",
    ]
    not_yet = "there; whose it is, the deploy asks when it knows the company: it refuses a key of another one"
    assert early == [not_yet, not_yet, told[listed[2]]]
