"""The tenants that go first, told the engine by those that wait. Pure.

`pulumi up --exclude`, not `--target`: a targeted run that takes rules away from everybody (`Departures`) is refused as
soon as any tenant, also one outside, loses a resource. So the first ring is all that is everybody's, sign-in rules that
leave among it, and its tenants; a domain that moves into it is taken from its tenant first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from operations.errors import OperationError
from operations.preview.undeclared_tenants import lost_providers, undeclared_tenants
from operations.releases.inventory import worker_places
from settings.listing import listing
from settings.loading.load import Environment


def excluded_targets(
    environment: Environment, canary: Sequence[str], resources: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Patterns of the resources of the tenants that are not in `canary`, for `--exclude`.

    `resources` are the state's, as `pulumi stack export` has them: a tenant whose file is gone or has another name is
    there alone. Not the stack's outputs, which forget it as soon as a canary was deployed. None waits in a stack that
    has no tenant of `canary`: those of a shard go first in theirs, and that shard before the others.

    Raises OperationError for a tenant that is not there, or one inside whose resources have names like one's outside.
    """
    known = [tenant.name for tenant in environment.everybody]
    for name in canary:
        if name not in known:
            raise OperationError(f"{name!r} is no tenant of stack {environment.name}; there are {listing(known)}")
    names = [tenant.name for tenant in environment.tenants]
    canary = [name for name in canary if name in names]
    if not canary:
        return []
    for other, name in ((other, name) for other in names if other not in canary for name in canary):
        if name.startswith(f"{other}-"):
            raise OperationError(f"{name} would wait with {other}, whose resources are called alike; add that one, too")
    outside = (tenant for tenant in environment.tenants if tenant.name not in canary)
    patterns = [pattern for tenant in outside for pattern in _of(tenant.name, tenant.admin.email)]
    return [*patterns, *_undeclared(environment, canary, resources)]


def _of(name: str, admin: str) -> Iterator[str]:
    """Every resource is called after its tenant, but the identity provider's: that is called after the admin."""
    yield f"**::{name}"
    yield f"**::{name}-*"
    yield f"**::{admin.lower()}"


def _undeclared(
    environment: Environment, canary: Sequence[str], resources: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """What only the state has of tenants that wait, one by one: nobody can add such a tenant to the canary, whatever
    name in there is like its own. One renamed to a name in the canary is the canary's."""
    admins = {tenant.admin.email.lower() for tenant in environment.tenants if tenant.name in canary}
    places = {str(place) for place in worker_places(environment)}
    waiting = list(undeclared_tenants(resources, {tenant.name for tenant in environment.tenants}, admins))
    yield from waiting
    yield from lost_providers(resources, waiting, places)
