"""The companies that no tenant gets, whatever its file and its stack's say: refused before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from components.clearml.api.calls import users
from components.clearml.api.client import Client
from components.clearml.api.models import UserInfo
from components.clearml.company import platforms_own
from components.clearml.company.resource import CompanyProvider
from components.clearml.run.api_cache import ApiCache
from components.clearml.run.company_refusals import CompanyOfPlatform
from components.clearml.run.session import forget_sessions
from settings.models.server.release import DEFAULT_COMPANY
from tests.api.runs import connected, connection
from tests.emulator import Emulator

_WRITES = ("create", "update", "delete", "edit", "revoke", "set_", "add_", "remove_", "save_")


def _create(emulator: Emulator, **props: Any) -> str:
    forget_sessions()
    provider = connected(CompanyProvider, connection(emulator))
    return str(provider.create({"name": "Acme", "admin_email": "admin@acme.example", **props}).id)


def _company(emulator: Emulator, **people: str) -> str:
    company: str = emulator.data_of("system.create_company", {"name": "Acme"})["id"]
    for user, role in people.items():
        body = {"name": user, "company": company, "email": f"{user}@acme.example", "role": role}
        emulator.data_of("auth.create_user", body)
    return company


def _refused(emulator: Emulator, **props: Any) -> str:
    emulator.clear_calls()
    with pytest.raises(CompanyOfPlatform) as caught:
        _create(emulator, **props)
    called = [str(call["endpoint"]).partition(".")[2] for call in emulator.calls()]
    assert [each for each in called if each.startswith(_WRITES)] == []
    return str(caught.value)


def test_the_id_is_the_settings_own() -> None:
    assert platforms_own.SERVERS_OWN == DEFAULT_COMPANY


@pytest.mark.parametrize(
    "props", [{"known_id": DEFAULT_COMPANY}, {"name": "clearml", "adopt": True}, {"name": "clearml"}]
)
def test_the_servers_own_company_is_nobodys(emulator: Emulator, props: dict[str, Any]) -> None:
    assert f"(id {DEFAULT_COMPANY}) is the server's own: no tenant may take it over" in _refused(emulator, **props)


def test_the_company_of_our_own_key_is_nobodys(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the server keeps it."""
    monkeypatch.setattr(platforms_own, "SERVERS_OWN", "another")
    assert "is that of the key that this program signs in with" in _refused(emulator, known_id=DEFAULT_COMPANY)


@pytest.mark.parametrize("role", ["system", "root"])
@pytest.mark.parametrize("how", ["adopt", "known_id"])
def test_a_company_with_who_runs_the_server_is_nobodys(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, role: str, how: str
) -> None:
    """No call makes such a user, so its role is said in the server's place."""
    company = _company(emulator, admin="admin", chief="admin")
    colleagues = users.colleagues

    def told(client: Client, user_id: str) -> tuple[UserInfo, ...]:
        found = colleagues(client, user_id)
        chief = "chief@acme.example"
        return tuple(each.model_copy(update={"role": role}) if each.email == chief else each for each in found)

    monkeypatch.setattr(users, "colleagues", told)
    said = _refused(emulator, **{how: True if how == "adopt" else company})
    assert f"has the user chief@acme.example with role {role}" in said


def test_a_company_with_the_supervisor_is_nobodys(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a server keeps that user."""
    company = _company(emulator, admin="admin")
    homes = {"__supervisor__": company}
    home_of = ApiCache.home_of
    monkeypatch.setattr(ApiCache, "home_of", lambda self, user: homes.get(user) or home_of(self, user))
    assert "has the user __supervisor__, who sees every tenant" in _refused(emulator, known_id=company)


def test_a_company_with_people_is_taken_over_on_purpose(emulator: Emulator) -> None:
    company = _company(emulator, admin="admin", chief="admin", jane="user")
    assert _create(emulator, known_id=company) == company
