"""A tenant's whole life as its files tell it, through the real program and engine; every step ends in an empty preview.

The cluster is on paper: what Kubernetes makes of it is tests/e2e.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from pulumi.automation import ConfigValue

from local.emulator.store.sso import digest
from tests.api.program import Program
from tests.emulator import Emulator
from tests.tenants import whole

EVERYTHING_ELSE = {
    "company": "Acme International",
    "admin": {"name": "Somebody Else", "email": "admin@acme.example"},
    "features": ["applications", "reports"],
    "excludeFeatures": ["app_management"],
    "allowedUsers": 10,
    "signIn": {
        "domains": ["acme.example", "acme.org"],
        "admins": ["bob@acme.partner.example"],
        "users": ["dan@acme.partner.example", "eve@acme.partner.example"],
    },
    "sso": {
        "externalTenant": "acme",
        "clientId": "clearml-acme",
        "endpoints": {"authorization": "https://idp.example/auth", "token": "https://idp.example/token"},
    },
}
ENTRIES = {
    "bob@acme.partner.example": "admin",
    "dan@acme.partner.example": "user",
    "eve@acme.partner.example": "user",
}
SECRET = "a-client's pa55phrase"
# Words of the engine's lines, in their order, when a gateway goes.
_GOING = (
    ("Release", " acme-gateway-lab ", "deleting"),
    ("Release", " acme-gateway-lab ", "deleted"),
    ("Credentials", " acme-gateway-lab-2 ", "deleting"),
)


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

    def provider(self) -> tuple[str, bool, str]:
        """Name, whether it is on, and the digest of the secret of its only identity provider."""
        company = self.company()["id"]
        (sso,) = [each["providers"] for each in self.emulator.state()["sso"] if each["company"] == company]
        (found,) = sso
        return found["configuration"]["display_name"], found["active"], found["secret_digest"]

    def drift(self) -> None:
        """Everything that a hand can change is changed."""
        company = self.company()["id"]
        (admin,) = [each["id"] for each in self.emulator.state()["users"] if each["company"] == company]
        act, be, call = {"X-Clearml-Act-As": admin}, {"X-Clearml-Impersonate-As": admin}, self.emulator.data_of
        keys = {each["label"]: each["access_key"] for each in self.emulator.state()["credentials"]}
        settings = {"features": ["pipelines"], "exclude_features": ["reports"], "allowed_users": 99}
        call("organization.update_company_name", {"new_name": "Acme by hand"}, headers=be)
        call("users.update", {"user": admin, "name": "Mallory"}, headers=be)
        call("system.update_company_settings", {"company": company, **settings})
        call("auth.revoke_credentials", {"access_key": keys["test/acme/agent/1"]}, headers=be)
        call("auth.edit_credentials", {"access_key": keys["test/acme/gateway/1"], "label": "mine"}, headers=be)
        self._drift_in_sign_in(company, act)

    def _drift_in_sign_in(self, company: str, act: dict[str, str]) -> None:
        """An admin and a user gone, a user made an admin, another domain, another provider's settings."""
        call = self.emulator.data_of
        call("login.set_domains", {"domains": ["elsewhere.example"]}, headers=act)
        call("login.remove_whitelist_entries", {"emails": [*self.rules()[1]]}, headers=act)
        call("login.add_whitelist_entries", {"emails": ["eve@acme.partner.example"], "is_admin": True}, headers=act)
        call("system.update_company_sso_config", {"company": company, "sso": {"tenant": "another"}})
        call("sso.set_provider_configurations_active", {"ids": [company], "active": False, "company": company})


def test_life_of_a_tenant(program: Program, emulator: Emulator) -> None:
    program.stack.set_config("stack.server.multiTenantLogin", ConfigValue("true"), path=True)
    life = Life(program, emulator)
    life.step()
    first = life.company()["id"]

    life.acme |= deepcopy(EVERYTHING_ELSE)
    program.stack.set_config("ssoClientSecrets.acme", ConfigValue(SECRET, secret=True), path=True)
    assert "replace" not in life.step()
    _is_everything_else(life)

    life.drift()
    assert life.step(refresh=True)["create"] == 1
    _is_everything_else(life)

    life.acme["sso"]["displayName"] = "Sign in as Acme"
    assert life.step() == {"update": 1}
    assert life.provider()[:2] == ("Sign in as Acme", True)

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
    program.stack.remove_config("ssoClientSecrets.acme", path=True)
    life.step()
    assert life.labels() == set()
    assert life.rules() == (set(), {})

    life.acme = kept
    program.stack.set_config("ssoClientSecrets.acme", ConfigValue(SECRET, secret=True), path=True)
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
    assert life.rules() == ({"acme.example", "acme.org"}, ENTRIES)
    names = {each["name"] for each in life.emulator.state()["users"] if each["company"] == company["id"]}
    assert names == {"Somebody Else"}
    assert life.labels() == {"test/acme/agent/1", "test/acme/gateway/1"}
    assert life.provider()[1:] == (True, digest(company["id"], SECRET))
    (sso,) = [each["config"] for each in life.emulator.state()["sso"] if each["company"] == company["id"]]
    assert sso["tenant"] == "acme"


def test_gateways_come_and_go_one_by_one(program: Program, emulator: Emulator) -> None:
    """The unnamed one and its key stay through all of it; one that goes has its key until its release is gone."""
    life = Life(program, emulator)
    life.step()
    first = _keys(emulator)

    life.acme["gateways"] = {name: {"hostName": f"{name}.acme.example"} for name in ("lab", "office")}
    assert life.step() == {"create": 8}
    both = _keys(emulator)
    assert both == first | {label: both[label] for label in ("test/acme/gateway-lab/1", "test/acme/gateway-office/1")}

    life.acme["gateways"]["lab"]["keyGeneration"] = 2
    life.step()
    assert life.labels() == {label.replace("lab/1", "lab/2") for label in both if "/acme/" in label}

    del life.acme["gateways"]["lab"]
    program.said = ""
    assert life.step() == {"delete": 4}
    assert _keys(emulator) == {label: key for label, key in both.items() if "lab" not in label}
    lines = program.said.splitlines()
    gone = [next(n for n, line in enumerate(lines) if all(each in line for each in words)) for words in _GOING]
    assert gone == sorted(gone)

    life.acme["gateways"] = {"attic": life.acme["gateways"]["office"] | {"hostName": "attic.acme.example"}}
    assert life.step() == {"create": 4, "delete": 4}
    assert life.labels() == {"test/acme/agent/1", "test/acme/gateway/1", "test/acme/gateway-attic/1"}


def _keys(emulator: Emulator) -> dict[str, str]:
    return {each["label"]: each["access_key"] for each in emulator.state()["credentials"] if each["label"]}
