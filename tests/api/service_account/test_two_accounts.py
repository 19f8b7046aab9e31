"""Two service accounts of one name: one is left, and never is it the wrong one."""

from __future__ import annotations

import pytest

from tests.api.environment import Environment
from tests.api.service_account.tenants import ACCOUNT, KEYS, accounts, acme, as_admin, labels_by_owner
from tests.emulator import Emulator


@pytest.fixture
def environment(emulator: Emulator) -> Environment:
    return Environment(emulator)


def _account(server: Emulator) -> str:
    """One more of that name, as a run makes it; its id."""
    body = {"name": ACCOUNT, "credentials_expiration_sec": 60}
    return str(server.data_of("auth.create_service_user", body, headers=as_admin(server))["id"])


def _key(server: Emulator, user_id: str, label: str | None = None, *, is_used: bool = False) -> str:
    """A pair of a user; its access key."""
    owner, body = {"X-Clearml-Impersonate-As": user_id}, {"label": label} if label else {}
    pair = server.data_of("auth.create_credentials", body, headers=owner)["credentials"]
    if is_used:
        server.data_of("users.get_current_user", auth=(pair["access_key"], pair["secret_key"]))
    return str(pair["access_key"])


def test_two_of_one_name_become_one(environment: Environment, emulator: Emulator) -> None:
    """A server that went on after a run had given up on it."""
    environment.up([acme(enabled=False)])
    for _ in range(2):
        _account(emulator)
    environment.up([acme()])
    assert len(accounts(emulator)) == 1
    assert labels_by_owner(emulator) == {ACCOUNT: KEYS}


@pytest.mark.parametrize("place", [0, 1])
def test_of_two_the_one_stays_whose_keys_the_workers_use(
    environment: Environment, emulator: Emulator, place: int
) -> None:
    """The state does not know it: nothing else tells them apart, and an id least of all."""
    environment.up([acme(enabled=False)])
    used = sorted([_account(emulator), _account(emulator)])[place]
    _key(emulator, used, KEYS[0], is_used=True)
    environment.up([acme()])
    assert [each["id"] for each in accounts(emulator)] == [used]
    assert labels_by_owner(emulator) == {ACCOUNT: KEYS}


def test_account_that_somebody_uses_is_not_deleted_as_the_other(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    Environment(emulator).up([acme(enabled=False)])
    both = {_account(emulator), _account(emulator)}
    for each in both:
        _key(emulator, each, is_used=True)
    Environment(emulator).up([acme()])
    assert {each["id"] for each in accounts(emulator)} == both
    assert f"service account {ACCOUNT} is there twice: " in capsys.readouterr().out


@pytest.mark.parametrize("label", [None, "laptop of Ann"])
def test_account_with_a_key_of_people_is_not_deleted_as_the_other(emulator: Emulator, label: str | None) -> None:
    Environment(emulator).up([acme(enabled=False)])
    both = {_account(emulator), _account(emulator)}
    keys = {_key(emulator, each, label) for each in both}
    Environment(emulator).up([acme()])
    assert {each["id"] for each in accounts(emulator)} == both
    assert keys <= {each["access_key"] for each in emulator.state()["credentials"]}


def test_key_without_a_label_that_nobody_used_yet_is_not_taken_for_the_first(emulator: Emulator) -> None:
    """Somebody made it a minute ago, and the state was lost."""
    Environment(emulator).up([acme()])
    theirs = _key(emulator, accounts(emulator)[0]["id"])
    Environment(emulator).up([acme()])
    assert theirs in {each["access_key"] for each in emulator.state()["credentials"]}
