"""Tenants that tests make in an emulator: a company with an admin, of names nobody else has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from tests.emulator import Emulator

_NUMBERS = count(1)


@dataclass(frozen=True)
class Tenant:
    """A company and its internal admin; `act` and `be` call the API for it with the apiserver's key."""

    emulator: Emulator
    name: str
    company: str
    admin: str

    @property
    def domain(self) -> str:
        return f"{self.name}.example.com"

    def act(self, endpoint: str, body: object = None) -> dict[str, Any]:
        """The data of a call that acts as the admin, with the caller's own role."""
        return self.emulator.data_of(endpoint, body, headers={"X-Clearml-Act-As": self.admin})

    def be(self, endpoint: str, body: object = None) -> dict[str, Any]:
        """The data of a call that impersonates the admin."""
        return self.emulator.data_of(endpoint, body, headers={"X-Clearml-Impersonate-As": self.admin})

    def key(self) -> tuple[str, str]:
        """A new key pair of the admin."""
        made = self.be("auth.create_credentials")["credentials"]
        return made["access_key"], made["secret_key"]

    def features(self) -> list[str]:
        """What the admin may, through the admin's own eyes."""
        found: list[str] = self.be("users.get_current_user", {"get_supported_features": True})["supported_features"]
        return found

    def add_user(self, role: str = "user", **fields: Any) -> str:
        """Another user of the company."""
        number = next(_NUMBERS)
        body = {
            "name": f"user {number}",
            "company": self.company,
            "email": f"user-{number}@{self.domain}",
            "role": role,
        }
        made: str = self.emulator.data_of("auth.create_user", {**body, **fields})["id"]
        return made

    def rules(self) -> dict[str, Any]:
        """The company's sign-in rules as the emulator holds them."""
        found: dict[str, Any] = next(each for each in self.emulator.state()["rules"] if each["company"] == self.company)
        return found


def new_tenant(emulator: Emulator) -> Tenant:
    """A new company with its admin."""
    name = f"tenant-{next(_NUMBERS)}"
    company = emulator.data_of("system.create_company", {"name": name})["id"]
    admin = {"name": "admin", "company": company, "email": f"admin@{name}.example.com", "role": "admin"}
    user = emulator.data_of("auth.create_user", {**admin, "internal": True})["id"]
    return Tenant(emulator, name, company, user)


def fault_of(response: httpx.Response) -> tuple[int, int]:
    """Status and subcode of an enveloped answer; the status on the wire is the same as the one inside."""
    meta = response.json()["meta"]
    assert meta["result_code"] == response.status_code
    return meta["result_code"], meta["result_subcode"]


def message_of(response: httpx.Response) -> str:
    text: str = response.json()["meta"]["result_msg"]
    return text
