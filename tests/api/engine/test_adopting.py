"""A service that was set up by the document's curl commands comes under the program: nothing of it is made again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.program import Program
from tests.emulator import Emulator
from tests.local.emulator.test_document import run

NAMES = ("acme", "beta", "carol")
_WRITES = ("create", "update", "delete", "edit", "revoke", "set_", "add_", "remove_", "save_")


def _by_hand(emulator: Emulator, name: str) -> None:
    """The document's chapter from its beginning to its end, also the key that it tells one to make."""
    company = run(emulator, "create a company", company_name=f"{name.title()} Inc.")["id"]
    who = {"admin_name": f"{name.title()} Admin", "admin_email": f"admin@{name}.example"}
    user = run(emulator, "create an admin", company_id=company, **who)["id"]
    run(emulator, "create credentials", user_id=user)
    run(emulator, "set the domains", user_id=user, domain=f"{name}.example")
    emails = {"email_1": f"ann@{name}.example.org", "email_2": f"bob@{name}.example.org"}
    run(emulator, "add to the whitelist", user_id=user, **emails)


def _file(name: str, **more: Any) -> dict[str, Any]:
    return {
        "company": f"{name.title()} Inc.",
        "admin": {"name": f"{name.title()} Admin", "email": f"admin@{name}.example"},
        "signIn": {"domains": [f"{name}.example"], "users": [f"ann@{name}.example.org", f"bob@{name}.example.org"]},
        **more,
    }


def _writes(emulator: Emulator) -> list[str]:
    """The endpoints of every call that changes something, in their order."""
    called = [str(call["endpoint"]) for call in emulator.calls()]
    return [endpoint for endpoint in called if endpoint.partition(".")[2].startswith(_WRITES)]


def _held(emulator: Emulator) -> dict[str, Any]:
    """What the server holds but for its keys, of which it keeps when each was used; the calls tell of those."""
    return {kind: value for kind, value in emulator.state().items() if kind != "credentials"}


@pytest.fixture
def by_hand(program: Program, emulator: Emulator) -> Emulator:
    """Three tenants made by hand; every call from now on is the program's."""
    for name in NAMES:
        _by_hand(emulator, name)
    emulator.clear_calls()
    return emulator


def test_three_tenants_are_taken_over_without_a_write(program: Program, by_hand: Emulator) -> None:
    before = _held(by_hand)
    for name in NAMES:
        program.write(name, _file(name))
    program.up()
    assert _writes(by_hand) == []
    assert _held(by_hand) == before
    assert set(program.preview()) == {"same"}
    assert set(program.refresh()) == {"same"}
    assert set(program.up()) == {"same"}
    assert _held(by_hand) == before


def test_agents_and_gateways_get_keys_of_their_own_and_nothing_else_is_written(
    program: Program, by_hand: Emulator
) -> None:
    """The secret of the hand-made key is known to nobody any more, so it stays, beside two with our labels."""
    before = _held(by_hand)
    for name in NAMES:
        gateway = {"hostName": f"router.{name}.clearml.example"}
        program.write(name, _file(name, agent={"queues": {"default": {}}}, gateway=gateway))
    program.up()
    assert _writes(by_hand) == ["auth.create_credentials"] * 2 * len(NAMES)
    assert _held(by_hand) == before
    keys = by_hand.state()["credentials"]
    companies = {company["id"] for company in before["companies"] if company["name"].endswith(" Inc.")}
    labels = sorted(str(key["label"]) for key in keys if key.get("label"))
    assert labels == sorted(f"test/{name}/{use}/1" for name in NAMES for use in ("agent", "gateway"))
    hand_made = [key for key in keys if not key.get("label") and key["company"] in companies]
    assert len(hand_made) == len(NAMES)
    assert set(program.preview()) == {"same"}
