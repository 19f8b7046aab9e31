"""People who land in a tenant as consumers, a role of newer servers: an older one would make them users."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from components.clearml.api.calls import sign_in
from components.clearml.api.calls.sign_in_models import Addition
from components.clearml.api.client import Client
from components.clearml.run.refusals import NotApplied
from components.clearml.run.session import forget_sessions
from components.clearml.sign_in.removals import SignInRuleRemovalsProvider
from components.clearml.sign_in.whitelist import WhitelistProvider
from tests.api.runs import Tenant, connected, connection
from tests.emulator import Emulator, start_emulator

EVE, DAN = "eve@partner.example", "dan@partner.example"
OLD = {"ann@acme.example": "admin", "bob@partner.example": "user", "cid@partner.example": "user"}


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[Emulator]:
    found = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps({"new_server": True})})
    yield found
    found.stop()


def _given(tenant: Tenant, *emails: str, kept: dict[str, Any] | None = None) -> dict[str, Any]:
    """The list of consumers, made or changed; returns its state."""
    forget_sessions()
    provider = connected(WhitelistProvider, connection(tenant.emulator))
    entries = dict.fromkeys(emails, "consumer")
    checked = provider.check(kept or {}, {"user_id": tenant.state["admin"].id, "entries": entries})
    assert not checked.failures, checked.failures[0].reason
    if kept is None:
        return provider.create(checked.inputs).outs or {}
    return provider.update("x", kept, checked.inputs).outs or {}


def test_a_newer_server_has_them_as_consumers(newer: Emulator) -> None:
    tenant = Tenant(newer)
    tenant.up()
    kept = _given(tenant, EVE, DAN)
    assert tenant.rules() == ({"acme.example"}, {**OLD, EVE: "consumer", DAN: "consumer"})
    forget_sessions()
    found = connected(WhitelistProvider, connection(newer)).read("x", dict(kept))
    assert (found.outs or {})["entries"] == {EVE: "consumer", DAN: "consumer"}
    assert newer.sign_in(EVE)["role"] == "consumer"


def test_who_was_a_user_becomes_a_consumer(newer: Emulator) -> None:
    """What the removals take is what the list gives, in the order of a run."""
    tenant = Tenant(newer)
    tenant.up()
    before = {"tenants": tenant.declared_rules()}
    after = {"tenants": {tenant.email: {**tenant.declared_rules()[tenant.email], "entries": {
        **OLD, "bob@partner.example": "consumer"}}}}  # fmt: skip
    forget_sessions()
    connected(SignInRuleRemovalsProvider, connection(newer)).update("departures", before, after)
    _given(tenant, "bob@partner.example")
    assert tenant.rules()[1] == {**OLD, "bob@partner.example": "consumer"}


def test_one_who_is_a_user_by_hand_is_corrected(newer: Emulator) -> None:
    tenant = Tenant(newer)
    tenant.up()
    somebody = {"X-Clearml-Act-As": tenant.state["admin"].id}
    newer.data_of("login.add_whitelist_entries", {"emails": [EVE]}, headers=somebody)
    _given(tenant, EVE)
    assert tenant.rules()[1][EVE] == "consumer"


def test_an_older_server_that_ignores_the_role_is_left_without_them(tenant: Tenant) -> None:
    tenant.up()
    with pytest.raises(
        NotApplied, match=r"role consumer for eve@partner\.example but now says role user \(.*taken out"
    ):
        _given(tenant, EVE)
    assert tenant.rules() == ({"acme.example"}, OLD)


@pytest.mark.parametrize(
    ("role", "sent"),
    [
        ("admin", {"is_admin": True}),
        ("user", {"is_admin": False}),
        ("consumer", {"is_admin": False, "role": "consumer"}),
    ],
)
def test_admins_and_users_are_sent_as_every_server_takes_them(role: str, sent: dict[str, Any]) -> None:
    """An older server takes no `role`, and a strict one might refuse it."""
    bodies: list[dict[str, Any]] = []

    class Recorder:
        def write(self, _endpoint: str, body: dict[str, Any], **_: object) -> Addition:
            bodies.append(body)
            return Addition(added=())

    sign_in.add(cast("Client", Recorder()), "u", [EVE], role=role)
    assert bodies == [{"emails": [EVE], **sent}]
