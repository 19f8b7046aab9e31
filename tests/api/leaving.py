"""A tenant whose file says that its company goes with it, on a server that can delete one."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from components.clearml.run.session import forget_sessions
from tests.api.runs import Tenant
from tests.emulator import Emulator, start_emulator

_numbers = itertools.count()


def newer_server(folder: Path, **assumptions: Any) -> Emulator:
    return start_emulator(folder, {"EMULATOR_ASSUMPTIONS": json.dumps({"new_server": True, **assumptions})})


def made(server: Emulator) -> Tenant:
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


def remove(tenant: Tenant) -> None:
    """In the engine's order: what left is taken away first, the company goes last."""
    forget_sessions()
    order = [name for name in ("departures", *reversed(tenant.state)) if name in tenant.state]
    for resource in dict.fromkeys(order):
        kept = tenant.state[resource]
        tenant.provider(resource).delete(kept.id, dict(kept.properties))
        del tenant.state[resource]


def activity(tenant: Tenant) -> list[bool]:
    """Of each company of its name, whether it is active."""
    return [each["active"] for each in tenant.emulator.state()["companies"] if each["name"] == tenant.name]


def again(tenant: Tenant, **changes: Any) -> Tenant:
    """The same file, added once more."""
    same = {name: getattr(tenant, name) for name in ("name", "email", "domains", "admins", "users", "on_remove")}
    return Tenant(tenant.emulator, **{**same, **changes})
