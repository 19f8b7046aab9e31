"""A tenant's whole life as its files tell it, through the real program and engine; every step ends in an empty preview.

The cluster is on paper: what Kubernetes makes of it is tests/e2e.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.program import Program
from tests.bench.tenants import whole
from tests.emulator import Emulator

# See tests/api/test_engine.py.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
EVERYTHING_ELSE = {
    "company": "Acme International",
    "admin": {"name": "Somebody Else", "email": "admin@acme.example"},
    "features": ["applications", "reports"],
    "excludeFeatures": ["app_management"],
    "allowedUsers": 10,
    "signIn": {"domains": ["acme.example", "acme.org"], "admins": ["bob@acme.partner.example"], "users": []},
}


class Life:
    """Two tenants and what the server holds of the first."""

    def __init__(self, program: Program, emulator: Emulator) -> None:
        self.program = program
        self.emulator = emulator
        self.acme: dict[str, Any] = whole("acme")
        self.globex: dict[str, Any] = whole("globex")

    def step(self, *, refresh: bool = False) -> dict[str, int]:
        """Deploy the two files as they are now; afterwards there is nothing to do."""
        for name, content in (("acme", self.acme), ("globex", self.globex)):
            if content:
                self.program.write(name, content)
            else:
                self.program.remove(name)
        if refresh:
            self.program.refresh()
        done = self.program.up()
        assert set(self.program.preview()) == {"same"}
        return {kind: count for kind, count in done.items() if kind != "same"}

    def company(self) -> dict[str, Any]:
        (found,) = [
            each for each in self.emulator.state()["companies"] if each["name"].startswith(("Acme", "Company a"))
        ]
        return dict(found)

    def rules(self) -> tuple[set[str], dict[str, str]]:
        company = self.company()["id"]
        (held,) = [each for each in self.emulator.state()["rules"] if each["company"] == company]
        return set(held["domains"]), {each["email"]: each["role"] for each in held["whitelist"]}

    def labels(self) -> set[str]:
        company = self.company()["id"]
        return {each["label"] for each in self.emulator.state()["credentials"] if each["company"] == company}

    def drift(self) -> None:
        """Everything that a hand can change is changed."""
        company = self.company()["id"]
        (admin,) = [each for each in self.emulator.state()["users"] if each["company"] == company]
        act, be = {"X-Clearml-Act-As": admin["id"]}, {"X-Clearml-Impersonate-As": admin["id"]}
        call = self.emulator.data_of
        call("users.update", {"user": admin["id"], "name": "Mallory"}, headers=be)
        call("system.update_company_settings", {"company": company, "features": ["pipelines"], "allowed_users": 99})
        call("login.set_domains", {"domains": ["elsewhere.example"]}, headers=act)
        call("login.remove_whitelist_entries", {"emails": ["bob@acme.partner.example"]}, headers=act)
        (key,) = [
            each["access_key"] for each in self.emulator.state()["credentials"] if each["label"] == "test/acme/agent/1"
        ]
        call("auth.revoke_credentials", {"access_key": key}, headers=be)


def test_life_of_a_tenant(program: Program, emulator: Emulator) -> None:
    life = Life(program, emulator)
    life.step()
    first = life.company()["id"]

    life.acme |= EVERYTHING_ELSE
    assert "replace" not in life.step()
    _is_everything_else(life)

    life.drift()
    assert life.step(refresh=True)["create"] == 1
    _is_everything_else(life)

    for generation in (2, 3):
        for use in ("agent", "gateway"):
            life.acme[use] = {**life.acme[use], "keyGeneration": generation}
        life.step()
        assert life.labels() == {f"test/acme/agent/{generation}", f"test/acme/gateway/{generation}"}

    life.acme["signIn"]["domains"].remove("acme.org")
    life.globex["signIn"]["domains"].append("acme.org")
    life.step()
    assert life.rules()[0] == {"acme.example"}

    kept, life.acme = life.acme, {}
    life.step()
    assert life.labels() == set()
    assert life.rules() == (set(), {})

    life.acme = kept
    life.step()
    assert life.company()["id"] == first
    assert life.labels() == {"test/acme/agent/3", "test/acme/gateway/3"}


def _is_everything_else(life: Life) -> None:
    company = life.company()
    assert (company["name"], company["features"], company["exclude_features"], company["allowed_users"]) == (
        "Acme International",
        ["applications", "reports"],
        ["app_management"],
        10,
    )
    assert life.rules() == ({"acme.example", "acme.org"}, {"bob@acme.partner.example": "admin"})
    names = {each["name"] for each in life.emulator.state()["users"] if each["company"] == company["id"]}
    assert names == {"Somebody Else"}
    assert life.labels() == {"test/acme/agent/1", "test/acme/gateway/1"}
