"""The tenants that go first, told the engine by those that wait. Pure.

`pulumi up --exclude`, not `--target`: a targeted run that takes rules away from everybody (`Departures`) is refused as
soon as any tenant, also one outside, loses a resource. So the first ring is all that is everybody's, what is removed,
and the ring's tenants; a domain that moves into the ring is taken from its tenant first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.load import Environment
from operations.errors import OperationError


def held_back(environment: Environment, ring: Sequence[str]) -> list[str]:
    """Patterns of the resources of the tenants that are not in `ring`, for `--exclude`.

    Raises OperationError for a tenant that is not there, or one inside whose resources have names like one's outside.
    """
    names = [tenant.name for tenant in environment.tenants]
    for name in ring:
        if name not in names:
            raise OperationError(f"{name!r} is no tenant of stack {environment.name}; there are {', '.join(names)}")
    for other, name in ((other, name) for other in names if other not in ring for name in ring):
        if name.startswith(f"{other}-"):
            raise OperationError(f"{name} would wait with {other}, whose resources are called alike; add that one, too")
    outside = (tenant for tenant in environment.tenants if tenant.name not in ring)
    return [pattern for tenant in outside for pattern in _of(tenant.name, tenant.admin.email)]


def _of(name: str, admin: str) -> Iterator[str]:
    """Every resource is called after its tenant, but the identity provider's: that is called after the admin."""
    yield f"**::{name}"
    yield f"**::{name}-*"
    yield f"**::{admin.lower()}"
