"""Tenants with a service account, and what a server holds of theirs."""

from __future__ import annotations

from typing import Any

from settings.models.tenant import Tenant
from tests.api.declarations.environment import STACK, tenant
from tests.emulator import Emulator
from tests.tenants import whole


def acme(*, enabled: bool = True, run_as_owner: bool = False, generation: int = 1, **more: Any) -> Tenant:
    """A tenant whose agent and gateway have keys of a service account, unless that is not `enabled`."""
    account = {"enabled": True, "runAsOwner": run_as_owner} if enabled else {}
    agent = {"queues": {"default": {}}, "keyGeneration": generation}
    content = {**whole("acme"), "features": ["service_users"], "serviceAccount": account, "agent": agent, **more}
    return tenant("acme", content)


def accounts(server: Emulator) -> list[dict[str, Any]]:
    """All service accounts."""
    return [each for each in server.state()["users"] if each["service"]]


def labels_by_owner(server: Emulator) -> dict[str, list[str]]:
    """Labels of live keys, by the name of whose they are; a key of the server's own configuration is none."""
    state = server.state()
    names = {each["id"]: each["name"] for each in state["users"] if not each["configured"]}
    found: dict[str, list[str]] = {}
    for each in state["credentials"]:
        if each["user"] in names:
            found.setdefault(names[each["user"]], []).append(each["label"])
    return {name: sorted(labels, key=str) for name, labels in found.items()}


ACCOUNT = f"{STACK}/acme/workers"
OWNERS = f"{STACK}/acme/owners"
ADMIN = "Admin of acme"
KEYS = [f"{STACK}/acme/agent/1", f"{STACK}/acme/gateway/1"]


def as_admin(server: Emulator) -> dict[str, str]:
    """The header with which a call is made as acme's admin."""
    (admin,) = [each["id"] for each in server.state()["users"] if each["name"] == ADMIN]
    return {"X-Clearml-Impersonate-As": admin}
