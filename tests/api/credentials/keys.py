"""A key that no run of the program made, or of which its state knows nothing."""

from __future__ import annotations

from tests.api.runs import Tenant
from tests.emulator import Emulator


def make_key(emulator: Emulator, tenant: Tenant, label: str) -> str:
    """A pair of the tenant's admin; its access key."""
    owner = {"X-Clearml-Impersonate-As": tenant.state["admin"].id}
    made = emulator.data_of("auth.create_credentials", {"label": label}, headers=owner)
    key: str = made["credentials"]["access_key"]
    return key
