"""A tenant with an identity provider of its own, through runs in processes of their own."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from components.clearml.run.session import forget_sessions
from components.clearml.sso.resource import SsoProvider, admins
from local.emulator.store.sso import digest
from tests.api.runs import Tenant, connected, connection
from tests.emulator import Emulator

WRITES = ("system.update_company_sso_config", "sso.save_provider_configuration")
READS = ("sso.get_provider_configurations", "system.company_info")
SECRET = 'Sh0rt & "weak" sécret'
CONFIGURATION: dict[str, str | bool] = {
    "display_name": "Acme",
    "client_id": "clearml-acme",
    "authorization_endpoint": "https://idp.example/auth",
    "token_endpoint": "https://idp.example/token",
    "end_session_endpoint": "https://idp.example/logout",
    "logout_from_provider": True,
    "claim_name": "name",
    "claim_groups": "groups",
    "group_enabled": True,
    "group_prohibit_user_login_if_not_in_group": True,
}


class SigningIn:
    """What is declared, the state, and what the server holds."""

    def __init__(self, emulator: Emulator, **tenant: Any) -> None:
        self.emulator = emulator
        self.tenant = Tenant(emulator, **tenant)
        self.tenant.up()
        self.company = self.tenant.state["company"].id
        self.declared: dict[str, Any] = {
            "company_id": self.company,
            "provider": "keycloak",
            "tenant": "acme-ext",
            "group_mapping": {"researchers": "users"},
            "admin_groups": admins(["ops"]),
            "configuration": dict(CONFIGURATION),
            "client_secret": SECRET,
        }
        self.id = ""
        self.kept: dict[str, Any] = {}

    def provider(self) -> SsoProvider:
        return connected(SsoProvider, connection(self.emulator))

    def up(self) -> bool:
        """Create or change; returns whether there was anything to do."""
        forget_sessions()
        provider = self.provider()
        checked = provider.check(self.kept, deepcopy(self.declared))
        assert not checked.failures, checked.failures[0].reason
        if not self.id:
            made = provider.create(checked.inputs)
            self.id, self.kept = made.id, made.outs or {}
            return True
        if not provider.diff(self.id, self.kept, checked.inputs).changes:
            return False
        self.kept = provider.update(self.id, dict(self.kept), checked.inputs).outs or {}
        return True

    def refresh(self) -> dict[str, Any]:
        """Read everything; returns what differs from the state."""
        forget_sessions()
        before = self.kept
        found = self.provider().read(self.id, dict(self.kept))
        self.id, self.kept = found.id or "", found.outs or {}
        return {name: self.kept.get(name) for name in before if self.kept.get(name) != before[name]}

    def remove(self) -> None:
        forget_sessions()
        self.provider().delete(self.id, dict(self.kept))
        self.id, self.kept = "", {}

    def held(self) -> dict[str, Any]:
        """`config` of the company, and its `providers`."""
        (found,) = [each for each in self.emulator.state()["sso"] if each["company"] == self.company]
        return dict(found)

    def switched_off_by_hand(self) -> None:
        body = {"ids": [self.company], "active": False, "company": self.company}
        self.emulator.data_of("sso.set_provider_configurations_active", body)

    def assert_exact(self) -> None:
        """The server holds what is declared, the client secret too, once."""
        held, declared = self.held(), self.declared
        assert held["config"] == {
            "tenant": declared["tenant"],
            "group_mapping": declared["group_mapping"],
            "admin_groups": sorted(declared["admin_groups"]),
        }
        (provider,) = held["providers"]
        assert (provider["id"], provider["provider"], provider["active"]) == (self.company, declared["provider"], True)
        assert provider["configuration"] == declared["configuration"]
        assert provider["secret_digest"] == digest(self.company, declared["client_secret"])
