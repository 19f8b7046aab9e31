"""Warns where nobody says which addresses are a cluster's own: then agents may reach every pod there on 443."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.network.networks import CLUSTER_EXAMPLE
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting

# Its pods are on nobody's network: kwok runs none, and no policy is enforced.
_LOCAL = "local"


@check("somebody says which addresses are a cluster's own")
def check_addresses(facts: Facts) -> Iterator[Finding]:
    """One warning for each cluster with agents."""
    settings = facts.settings
    if settings is None or facts.stack == _LOCAL:
        return
    for place in sorted({settings.cluster_of(each.workers) for each in facts.tenants if each.all_agents}, key=str):
        if settings.network_at(place).cluster is None:
            key = settings.network_key(place)
            text = (
                "is missing: agents may reach every pod of this cluster on 443 and 6443, other tenants' too, as nobody "
                f"says which addresses are pods; write {key} like {{{CLUSTER_EXAMPLE}}}"
            )
            yield Finding(setting("", f"{key}.cluster"), text, WARNING)
