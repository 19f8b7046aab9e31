"""A tenant is removed whose company somebody deleted before: nothing is left to take away, and nothing stops at that.

What only looks like it, a key pair without rights or another server, is an error all the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from components.clearml.api.errors import BadCredentials, FailedCall, Forbidden, ImpersonationRefused, Unreachable
from components.clearml.run.session import forget_sessions
from tests.api.runs import Tenant, connected, connection
from tests.emulator import Emulator, start_emulator


def _assuming(**assumptions: Any) -> dict[str, str]:
    return {"EMULATOR_ASSUMPTIONS": json.dumps({"new_server": True, **assumptions})}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Emulator]:
    running = start_emulator(tmp_path, _assuming())
    yield running
    running.stop()


def _softly(tenant: Tenant) -> None:
    asked = {"tenant": tenant.state["company"].id, "name": tenant.name}
    tenant.emulator.data_of("tenants.delete_tenant", asked)


def _for_good(tenant: Tenant, *, users_too: bool) -> None:
    """As the documented job does it, with or without `--delete-user`."""
    company = tenant.state["company"].id
    tenant.emulator.stop()
    with closing(sqlite3.connect(tenant.emulator.data)) as database, database:
        database.execute("DELETE FROM companies WHERE id = ?", (company,))
        if users_too:
            database.execute("DELETE FROM users WHERE company = ?", (company,))
    tenant.emulator.restart()


def _with_its_users(tenant: Tenant) -> None:
    _for_good(tenant, users_too=True)


def _without_its_users(tenant: Tenant) -> None:
    _for_good(tenant, users_too=False)


@pytest.mark.parametrize("by_hand", [_softly, _with_its_users, _without_its_users])
@pytest.mark.parametrize("mind", [None, "delete"])
def test_it_goes_without_a_word_of_its_keys(
    server: Emulator, by_hand: Callable[[Tenant], None], mind: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant = Tenant(server, on_remove=mind)
    tenant.up()
    by_hand(tenant)
    capsys.readouterr()
    tenant.destroy()
    assert tenant.state == {}
    assert "was deleted on the server already: nothing was done to it" in capsys.readouterr().out


@pytest.mark.parametrize("listed", [True, False])
def test_it_goes_whether_or_not_deleted_companies_are_listed(tmp_path: Path, listed: bool) -> None:
    server = start_emulator(tmp_path, _assuming(deleted_companies_listed=listed))
    try:
        tenant = Tenant(server)
        tenant.up()
        _softly(tenant)
        tenant.destroy()
        assert tenant.state == {}
    finally:
        server.stop()


def _revoke(tenant: Tenant, **changes: Any) -> None:
    kept = tenant.state["agent"]
    forget_sessions()
    connected(type(tenant.provider("agent")), connection(tenant.emulator, **changes)).delete(kept.id, kept.properties)


def test_a_company_that_is_there_is_an_error(server: Emulator) -> None:
    """The server lets us act in no company but our own: the same refusal, and the key lives."""
    tenant = Tenant(server)
    tenant.up()
    server.restart(_assuming(system_impersonates_across_companies=False))
    with pytest.raises(ImpersonationRefused, match="pulumi refresh"):
        _revoke(tenant)
    assert tenant.keys()["test/acme/agent/1"] == [tenant.state["agent"].id]


@pytest.mark.parametrize("deleted", [False, True])
def test_a_key_pair_without_rights_and_another_server_are_errors(server: Emulator, deleted: bool) -> None:
    tenant = Tenant(server)
    tenant.up()
    other = Tenant(server, name="Globex", email="admin@globex.example", domains=(), admins=(), users=())
    other.up()
    somebody = other.state["agent"].properties
    if deleted:
        _softly(tenant)
    refusals: list[tuple[type[FailedCall] | tuple[type[FailedCall], ...], dict[str, Any]]] = [
        (BadCredentials, {"secret": "wrong"}),
        ((Forbidden, ImpersonationRefused), {"key": somebody["access_key"], "secret": somebody["secret_key"]}),
        (Unreachable, {"url": "http://127.0.0.1:9"}),
    ]
    for refusal, changes in refusals:
        with pytest.raises(refusal):
            _revoke(tenant, **changes)
    assert tenant.keys()["test/acme/agent/1"] == [tenant.state["agent"].id]
