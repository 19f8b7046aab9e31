"""Warns where nobody says which addresses are a cluster's own: then agents may reach every pod there on 443."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from settings.checks.networks import CLUSTER_EXAMPLE
from settings.complaint import Complaint
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant

# Its pods are on nobody's network: kwok runs none, and no policy is enforced.
_LOCAL = "local"


def check_addresses(stack: str, settings: StackSettings | None, tenants: Sequence[Tenant]) -> Iterator[Complaint]:
    """One warning for each cluster with agents; `settings` is None if the stack's own file is at fault."""
    if settings is None or stack == _LOCAL:
        return
    for place in sorted({settings.place_of(each.workers) for each in tenants if each.all_agents}, key=str):
        if settings.network_at(place).cluster is None:
            key = "isolation.network" if place == settings.own_place else f"isolation.elsewhere.{place}"
            text = (
                "is missing: agents may reach every pod of this cluster on 443 and 6443, other tenants' too, as nobody "
                f"says which addresses are pods; write {key} like {{{CLUSTER_EXAMPLE}}}"
            )
            yield Complaint("", f"{key}.cluster", text, stops=False)
