"""What becomes of a company when its tenant's file is removed: kept, or deleted where the server can and nobody is in
the way; and what becomes of a tenant that is added again.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.clearml.errors import ClearMLError
from components.clearml.refusals import CompanyDeleted, CompanyRenamed, DeletionRefused, UserTaken
from components.clearml.session import forget_sessions
from tests.api.runs import Tenant
from tests.emulator import Emulator, start_emulator

DELETE = "tenants.delete_tenant"
KINDS = ("refuse", "slow", "error-before", "error-after", "lost-answer", "rate-limit", "html", "truncated")
_numbers = itertools.count()


def _server(folder: Path, **assumptions: Any) -> Emulator:
    return start_emulator(folder, {"EMULATOR_ASSUMPTIONS": json.dumps({"new_server": True, **assumptions})})


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A server that has `tenants.*`; each test has a tenant of its own on it."""
    running = _server(tmp_path_factory.mktemp("newer"))
    yield running
    running.stop()


@pytest.fixture
def leaving(newer: Emulator) -> Iterator[Tenant]:
    """A tenant whose file says that its company goes with it."""
    yield _made(newer)
    newer.faults([])


def _made(server: Emulator) -> Tenant:
    n = next(_numbers)
    tenant = Tenant(
        server,
        name=f"Leaving {n}",
        email=f"admin@l{n}.example",
        on_remove="delete",
        domains=(f"l{n}.example",),
        admins=(f"ann@l{n}.example",),
        users=(),
    )
    tenant.up()
    server.clear_calls()
    return tenant


def _remove(tenant: Tenant) -> None:
    """In the engine's order: what left is taken away first, the company goes last."""
    forget_sessions()
    order = [name for name in ("departures", *reversed(tenant.state)) if name in tenant.state]
    for resource in dict.fromkeys(order):
        kept = tenant.state[resource]
        tenant.provider(resource).delete(kept.id, dict(kept.properties))
        del tenant.state[resource]


def _activity(tenant: Tenant) -> list[bool]:
    """Of each company of its name, whether it is active."""
    return [each["active"] for each in tenant.emulator.state()["companies"] if each["name"] == tenant.name]


def _asked(server: Emulator) -> list[str]:
    return [call["endpoint"] for call in server.calls()]


def test_deleted_after_keys_and_rules_are_gone(leaving: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    company = leaving.state["company"].id
    _remove(leaving)
    assert _activity(leaving) == [False]
    asked = _asked(leaving.emulator)
    assert asked.index(DELETE) > max(asked.index("auth.revoke_credentials"), asked.index("login.set_domains"))
    said = capsys.readouterr().out
    assert f"company '{leaving.name}' (id {company}) was deleted on the server" in said
    assert f"--ids {company} --delete-company" in said


def test_what_the_server_offers_is_asked_once(newer: Emulator) -> None:
    one, two = _made(newer), _made(newer)
    newer.clear_calls()
    forget_sessions()
    for tenant in (one, two):
        _remove_old(tenant)
    assert _asked(newer).count("server.endpoints") == 1
    assert _asked(newer).count(DELETE) == 2


def test_an_older_server_keeps_it_and_it_is_said(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    tenant = _made(emulator)
    _remove(tenant)
    assert _activity(tenant) == [True]
    assert DELETE not in _asked(emulator)
    said = capsys.readouterr().out
    assert "was kept on the server although its file said `onRemove: delete`: this server does not offer" in said
    assert "rm -r /mnt/fileserver/" in said


def test_keeping_is_the_default_and_asks_for_nothing(newer: Emulator) -> None:
    tenant = _made(newer)
    tenant.on_remove = None
    assert tenant.up() == ["company"]
    _remove(tenant)
    assert _activity(tenant) == [True]
    assert not {DELETE, "server.endpoints"} & set(_asked(newer))


def test_a_changed_mind_is_kept_in_the_state_without_a_call(leaving: Tenant) -> None:
    for mind in (None, "delete"):
        leaving.on_remove = mind
        assert leaving.up() == ["company"]
        assert leaving.state["company"].properties.get("on_remove") == mind
        assert leaving.refresh() == []
        assert leaving.up() == []
    writes = [name for name in _asked(leaving.emulator) if ".get_" not in name]
    assert writes == []


def test_while_something_runs_it_is_refused_in_one_line(leaving: Tenant) -> None:
    """Never forced. When it has stopped, the same again does it."""
    company = leaving.state["company"].id
    leaving.emulator.set_workers(company, 1)
    with pytest.raises(DeletionRefused) as caught:
        _remove(leaving)
    line = str(caught.value)
    assert "\n" not in line
    assert all(part in line for part in (company, "running resources", "1 connected workers", "`pulumi up` again"))
    assert (list(leaving.state), _activity(leaving)) == (["company"], [True])
    leaving.emulator.set_workers(company, 0)
    _remove(leaving)
    assert _activity(leaving) == [False]


def test_renamed_by_hand_it_is_left_until_somebody_has_looked(leaving: Tenant) -> None:
    owner = {"X-Clearml-Impersonate-As": leaving.state["admin"].id}
    new = f"{leaving.name} forever"
    leaving.emulator.data_of("organization.update_company_name", {"new_name": new}, headers=owner)
    with pytest.raises(CompanyRenamed, match=f"somebody has renamed it '{new}'"):
        _remove(leaving)
    assert DELETE not in _asked(leaving.emulator)
    leaving.name = new
    assert leaving.refresh() == ["company"]
    _remove(leaving)
    assert _activity(leaving) == [False]


@pytest.mark.parametrize("mind", [None, "delete"])
@pytest.mark.parametrize("listed", [True, False])
def test_deleted_already_is_not_said_to_be_kept(
    tmp_path: Path, mind: str | None, listed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    server = _server(tmp_path, deleted_companies_listed=listed)
    try:
        tenant = _made(server)
        kept = tenant.state["company"]
        server.data_of(DELETE, {"tenant": kept.id, "name": tenant.name})
        server.clear_calls()
        capsys.readouterr()
        forget_sessions()
        tenant.provider("admin").delete(tenant.state["admin"].id, tenant.state["admin"].properties)
        tenant.provider("company").delete(kept.id, {**kept.properties, "on_remove": mind})
        said = capsys.readouterr().out
        assert (
            said
            == f"company {tenant.name!r} (id {kept.id}) was deleted on the server already: nothing was done to it\n"
        )
        assert _asked(server).count("system.get_companies") == 1 + (mind == "delete")
        assert DELETE not in _asked(server)
    finally:
        server.stop()


@pytest.mark.parametrize("interrupted", [False, True])
@pytest.mark.parametrize("mind", [None, "delete"])
def test_a_renamed_file_keeps_the_company(
    leaving: Tenant, mind: str | None, interrupted: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new file's resources have it; the old file's are deleted last, perhaps by a run that makes nothing more."""
    leaving.on_remove = mind
    leaving.up()
    renamed = _again(leaving, file="renamed")
    renamed.generation = 2
    renamed.up()
    if interrupted:
        assert renamed.up() == []
    capsys.readouterr()
    _remove_old(leaving)
    renamed.assert_exact()
    assert DELETE not in _asked(leaving.emulator)
    said = capsys.readouterr().out
    assert f"{leaving.state['company'].id}) stays as it is: another tenant's file has it now" in said
    assert "to delete company" not in said


def test_with_part_of_the_program_the_keys_tell_that_it_is_in_use(
    leaving: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--target` the old resources alone: nobody has said what the new file asks for."""
    renamed = _again(leaving, file="renamed")
    renamed.generation = 2
    renamed.up()
    forget_sessions()
    _remove_old(leaving)
    renamed.assert_exact()
    assert "although its file said `onRemove: delete`: admin@" in capsys.readouterr().out


def test_rules_of_a_company_that_was_deleted_are_nobodys(leaving: Tenant) -> None:
    """Destroying a stack takes rules and company away side by side."""
    company = leaving.state["company"]
    leaving.emulator.data_of(DELETE, {"tenant": company.id, "name": leaving.name})
    forget_sessions()
    leaving.provider("departures").delete("departures", dict(leaving.state["departures"].properties))


def _remove_old(tenant: Tenant) -> None:
    """The rules of a renamed file are the new one's, and are not touched by the old."""
    for resource in ("gateway", "agent", "admin", "company"):
        kept = tenant.state[resource]
        tenant.provider(resource).delete(kept.id, dict(kept.properties))


def _again(tenant: Tenant, **changes: Any) -> Tenant:
    """The same file, added once more."""
    same = {name: getattr(tenant, name) for name in ("name", "email", "domains", "admins", "users", "on_remove")}
    return Tenant(tenant.emulator, **{**same, **changes})


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("reusable", [True, False])
def test_a_tenant_added_again_after_its_company_was_deleted(
    tmp_path: Path, reusable: bool, listed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new company where the server allows it, said so; else one line. Never the deleted one, never two."""
    server = _server(tmp_path, deleted_names_reusable=reusable, deleted_companies_listed=listed)
    try:
        gone = _made(server)
        company = gone.state["company"].id
        _remove(gone)
        # Its admin's e-mail is still a user's, which is seen before a second company is made.
        with pytest.raises(CompanyDeleted if listed else UserTaken if reusable else ClearMLError) as caught:
            _again(gone).up()
        assert "\n" not in str(caught.value)
        assert _activity(gone) == [False]
        capsys.readouterr()
        other = _again(gone, email=f"new-{gone.email}")
        if not reusable:
            with pytest.raises(CompanyDeleted if listed else ClearMLError, match="another name"):
                other.up()
            assert _activity(gone) == [False]
            return
        other.up()
        assert other.state["company"].id != company
        assert _activity(gone) == [False, True]
        if listed:
            assert f"is a new one: the one of that name (id {company}) was deleted" in capsys.readouterr().out
    finally:
        server.stop()


@pytest.mark.parametrize("times", [1, 3, 9])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", [DELETE, "server.endpoints"])
def test_faults(newer: Emulator, leaving: Tenant, endpoint: str, kind: str, times: int) -> None:
    fault: dict[str, Any] = {"endpoint": endpoint, "kind": kind, "times": times}
    slow = {"slow": 0.05, "rate-limit": 0.0}
    newer.faults([{**fault, "seconds": slow[kind]} if kind in slow else fault])
    try:
        _remove(leaving)
    except ClearMLError as failure:
        lines = str(failure).splitlines()
        newer.faults([])
        _remove(leaving)
        assert len(lines) == 1
    assert _activity(leaving) == [False]
    assert leaving.state == {}
