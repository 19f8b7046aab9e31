"""What becomes of a company when its tenant's file is removed: kept, or deleted where the server can and nobody is in
the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.clearml.api.errors import ClearMLError
from components.clearml.run.company_refusals import CompanyRenamed, DeletionRefused
from components.clearml.run.session import forget_sessions
from tests.api.faulty import KINDS, fault
from tests.api.leaving import activity, again, made, newer_server, remove
from tests.api.runs import Tenant
from tests.emulator import Emulator

DELETE = "tenants.delete_tenant"


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A server that has `tenants.*`; each test has a tenant of its own on it."""
    running = newer_server(tmp_path_factory.mktemp("newer"))
    yield running
    running.stop()


@pytest.fixture
def leaving(newer: Emulator) -> Iterator[Tenant]:
    """A tenant whose file says that its company goes with it."""
    yield made(newer)
    newer.faults([])


def _asked(server: Emulator) -> list[str]:
    return [call["endpoint"] for call in server.calls()]


def test_deleted_after_keys_and_rules_are_gone(leaving: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    company = leaving.state["company"].id
    remove(leaving)
    assert activity(leaving) == [False]
    asked = _asked(leaving.emulator)
    assert asked.index(DELETE) > max(asked.index("auth.revoke_credentials"), asked.index("login.set_domains"))
    said = capsys.readouterr().out
    assert f"company '{leaving.name}' (id {company}) was deleted on the server" in said
    assert f"--ids {company} --delete-company" in said


def test_what_the_server_offers_is_asked_once(newer: Emulator) -> None:
    one, two = made(newer), made(newer)
    newer.clear_calls()
    forget_sessions()
    for tenant in (one, two):
        _remove_old(tenant)
    assert _asked(newer).count("server.endpoints") == 1
    assert _asked(newer).count(DELETE) == 2


def test_an_older_server_keeps_it_and_it_is_said(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    tenant = made(emulator)
    remove(tenant)
    assert activity(tenant) == [True]
    assert DELETE not in _asked(emulator)
    said = capsys.readouterr().out
    assert "was kept on the server although its file said `onRemove: delete`: this server does not offer" in said
    assert "rm -r /mnt/fileserver/" in said


def test_keeping_is_the_default_and_asks_for_nothing(newer: Emulator) -> None:
    tenant = made(newer)
    tenant.on_remove = None
    assert tenant.up() == ["company"]
    remove(tenant)
    assert activity(tenant) == [True]
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
        remove(leaving)
    line = str(caught.value)
    assert "\n" not in line
    assert all(part in line for part in (company, "running resources", "1 connected workers", "`pulumi up` again"))
    assert (list(leaving.state), activity(leaving)) == (["company"], [True])
    leaving.emulator.set_workers(company, 0)
    remove(leaving)
    assert activity(leaving) == [False]


def test_renamed_by_hand_it_is_left_until_somebody_has_looked(leaving: Tenant) -> None:
    owner = {"X-Clearml-Impersonate-As": leaving.state["admin"].id}
    new = f"{leaving.name} forever"
    leaving.emulator.data_of("organization.update_company_name", {"new_name": new}, headers=owner)
    with pytest.raises(CompanyRenamed, match=f"somebody has renamed it '{new}'"):
        remove(leaving)
    assert DELETE not in _asked(leaving.emulator)
    leaving.name = new
    assert leaving.refresh() == ["company"]
    remove(leaving)
    assert activity(leaving) == [False]


@pytest.mark.parametrize("mind", [None, "delete"])
@pytest.mark.parametrize("listed", [True, False])
def test_deleted_already_is_not_said_to_be_kept(
    tmp_path: Path, mind: str | None, listed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    server = newer_server(tmp_path, deleted_companies_listed=listed)
    try:
        tenant = made(server)
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
    renamed = again(leaving, file="renamed")
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


def test_a_renamed_file_that_a_run_leaves_out_keeps_the_company(leaving: Tenant) -> None:
    """A canary ring excludes the new file's resources, of which the engine tells nothing."""
    renamed = again(leaving)
    forget_sessions()
    renamed.provider("departures").check({}, renamed.declared_departures())
    _remove_old(leaving)
    assert activity(leaving) == [True]
    assert DELETE not in _asked(leaving.emulator)


def test_with_part_of_the_program_the_keys_tell_that_it_is_in_use(
    leaving: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--target` the old resources alone: nobody has said what the new file asks for."""
    renamed = again(leaving, file="renamed")
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


@pytest.mark.parametrize("times", [1, 3, 9])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", [DELETE, "server.endpoints"])
def test_faults(newer: Emulator, leaving: Tenant, endpoint: str, kind: str, times: int) -> None:
    newer.faults([fault(endpoint, kind, times)])
    try:
        remove(leaving)
    except ClearMLError as failure:
        lines = str(failure).splitlines()
        newer.faults([])
        remove(leaving)
        assert len(lines) == 1
    assert activity(leaving) == [False]
    assert leaving.state == {}
