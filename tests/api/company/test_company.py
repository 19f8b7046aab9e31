"""A company: adopted only if it is ours, never made twice, never made anew behind our back, never replaced."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pulumi.runtime import rpc

from components.clearml.api.calls import companies
from components.clearml.api.client import Client
from components.clearml.api.errors import ClearMLError
from components.clearml.company.resource import CompanyProvider
from components.clearml.run.company_refusals import (
    CompanyAmbiguous,
    CompanyMistaken,
    CompanyTaken,
    CompanyUnknown,
    CompanyVanished,
    NameTaken,
)
from components.clearml.run.session import forget_sessions
from tests.api.runs import QUICK, Tenant, connected, connection
from tests.emulator import Emulator, start_emulator


def _company(emulator: Emulator, name: str = "Acme", **users: str) -> str:
    """Somebody else's company with users by e-mail and role; returns its id."""
    company: str = emulator.data_of("system.create_company", {"name": name})["id"]
    for user, role in users.items():
        body = {"name": user, "company": company, "email": f"{user}@acme.example", "role": role}
        emulator.data_of("auth.create_user", body)
    return company


def _create(emulator: Emulator, **props: Any) -> str:
    forget_sessions()
    provider = connected(CompanyProvider, connection(emulator))
    return str(provider.create({"name": "Acme", "admin_email": "admin@acme.example", **props}).id)


def test_company_with_our_admin_alone_is_adopted(emulator: Emulator) -> None:
    company = _company(emulator, admin="admin")
    assert _create(emulator) == company


def test_company_with_other_users_is_not(emulator: Emulator) -> None:
    company = _company(emulator, admin="admin", zoe="user")
    with pytest.raises(CompanyTaken) as caught:
        _create(emulator)
    line = str(caught.value)
    assert all(part in line for part in (company, "zoe@acme.example", "adopt: true", "companyId"))
    assert _create(emulator, adopt=True) == company
    assert _create(emulator, known_id=company) == company


def test_company_with_another_admin_is_not(emulator: Emulator) -> None:
    company = _company(emulator, chief="admin")
    with pytest.raises(CompanyTaken, match=company):
        _create(emulator)


def test_company_of_another_case_is_refused(emulator: Emulator) -> None:
    _company(emulator, "ACME")
    with pytest.raises(CompanyTaken, match="upper and lower case"):
        _create(emulator)


def test_two_companies_of_the_name(tmp_path: Any) -> None:
    emulator = start_emulator(tmp_path, {"CLEARML__apiserver__company__unique_names": "false"})
    try:
        both = {_company(emulator), _company(emulator)}
        with pytest.raises(CompanyAmbiguous) as caught:
            _create(emulator)
        assert all(each in str(caught.value) for each in both)
        assert {_create(emulator, known_id=each) for each in both} == both
    finally:
        emulator.stop()


def test_slow_server_without_unique_names_makes_one_company(tmp_path: Any) -> None:
    """It is still at the call that we gave up: nothing but time tells."""
    server = start_emulator(tmp_path, {"CLEARML__apiserver__company__unique_names": None})
    try:
        server.faults([{"endpoint": "system.create_company", "kind": "slow", "times": 1, "seconds": 0.9}])
        tenant = Tenant(server, limits=replace(QUICK, answer_seconds=0.6, settle_seconds=0.6))
        tenant.up()
        time.sleep(0.9)  # whatever the server is still at, it has done by now
        assert sum(call["endpoint"] == "system.create_company" for call in server.calls()) == 1
        assert tenant.companies() == [tenant.state["company"].id]
    finally:
        server.stop()


def test_unknown_id_is_an_error(emulator: Emulator) -> None:
    with pytest.raises(CompanyUnknown, match="0815"):
        _create(emulator, known_id="0815")
    assert len(emulator.state()["companies"]) == 1


def test_id_of_a_deleted_company_is_an_error(emulator: Emulator) -> None:
    """Its admin could never be made, and a restore would bring back whoever was in it."""
    company = _company(emulator)
    emulator.set_active(company, active=False)
    with pytest.raises(CompanyUnknown, match=company):
        _create(emulator, known_id=company)


def test_what_a_new_company_gets_is_sent_in_whole_numbers(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine makes floats of them; a text, or 10.0, is what a strict server refuses."""
    sent: list[str] = []
    create = companies.create

    def recorded(client: Client, name: str, defaults: Mapping[str, Any]) -> str:
        sent.append(json.dumps(defaults))
        return create(client, name, defaults)

    monkeypatch.setattr(companies, "create", recorded)
    _create(emulator, defaults={"features": ["reports"], "allowed_users": 10.0})
    assert sent == ['{"features": ["reports"], "allowed_users": 10}']


def test_vanished_company_is_an_error_not_a_new_one(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    tenant.state["company"] = replace(tenant.state["company"], id="f" * 32)
    with pytest.raises(CompanyVanished, match="restore"):
        tenant.refresh()


def test_unreachable_server_is_an_error_in_read(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    emulator.stop()
    with pytest.raises(ClearMLError, match="apiUrl"):
        tenant.refresh()


def test_removal_does_not_need_the_server(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    emulator.stop()
    kept = tenant.state["company"]
    tenant.provider("company").delete(kept.id, kept.properties)


@pytest.mark.parametrize("name", ["name", "admin_email", "adopt", "known_id"])
@pytest.mark.parametrize("value", ["Another", rpc.UNKNOWN])
def test_no_change_replaces_a_company(name: str, value: str) -> None:
    olds = {"name": "Acme", "admin_email": "admin@acme.example", "company_id": "1", "known_id": "1"}
    if (name, value) == ("known_id", "Another"):
        with pytest.raises(CompanyMistaken, match="put `companyId` back"):
            CompanyProvider().diff("1", olds, {**olds, name: value})
    else:
        assert CompanyProvider().diff("1", olds, {**olds, name: value}).replaces == []


def test_id_of_another_company_declared_later_is_refused() -> None:
    """The state knows the company although no id was declared for it before."""
    olds = {"name": "Acme", "admin_email": "admin@acme.example", "company_id": "1"}
    assert CompanyProvider().diff("1", olds, {**olds, "known_id": "1"}).changes
    with pytest.raises(CompanyMistaken, match=r"'Acme' \(id 1\), not 2"):
        CompanyProvider().diff("1", olds, {**olds, "known_id": "2"})


def test_rename_to_a_name_that_is_taken(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    _company(emulator, "Globex")
    kept = tenant.state["company"]
    # A rename is a run of its own, which declares the new name.
    forget_sessions()
    provider = tenant.provider("company")
    with pytest.raises(NameTaken, match="Globex"):
        provider.update(kept.id, kept.properties, {"name": "Globex", "admin_email": tenant.email})


@pytest.mark.parametrize("name", ["", "ab", " Acme", None])
def test_name_no_server_takes(name: str | None) -> None:
    failures = CompanyProvider().check({}, {"name": name, "admin_email": "a@b.c"}).failures
    assert [failure.property for failure in failures] == ["name"]


def test_waits_for_an_api_that_starts_later(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.stop()
    monkeypatch.setattr("components.clearml.api.readiness._PAUSE_SECONDS", 0.05)
    started: list[int] = []
    pause = __import__("time").sleep

    def sleep(seconds: float) -> None:
        if seconds == 0.05 and not started:
            started.append(1)
            emulator.restart()
        pause(seconds)

    monkeypatch.setattr("components.clearml.api.readiness.time.sleep", sleep)
    assert _create(emulator)
    assert f"waiting for the API at {emulator.url}" in capsys.readouterr().out


def test_gives_up_waiting_once(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    """A bounded, visible wait, then one line; the next resource of the run does not wait again."""
    emulator.stop()
    provider = connected(CompanyProvider, connection(emulator, wait_seconds=1.5))
    for _ in range(2):
        with pytest.raises(ClearMLError, match=r"did not answer within 2 s: .*refused.*check apiUrl"):
            provider.create({"name": "Acme", "admin_email": "admin@acme.example"})
    assert capsys.readouterr().out.count("waiting for") == 1
