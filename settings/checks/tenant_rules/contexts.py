"""In which clusters a tenant's workers may run: where the stack's own do, or where the stack's file lets them."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.cluster_ref import ClusterRef
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants


@check("workers run only in clusters that the stack's file allows", precedence="last")
@for_each_tenant
def check_contexts(tenant: Tenant, settings: StackSettings, grants: Grants) -> Iterator[Finding]:
    """A cluster that the stack's file does not let the tenant choose."""
    place = tenant.workers
    if place is None or place.way == settings.cluster_of(None).way:
        return
    named = _named(place)
    if named not in grants.contexts:
        key = "workers.kubeconfig" if place.kubeconfig else "workers.kubeContext"
        text = f"{named!r} is no cluster that the stack's file lets this tenant use; remove it, or write there"
        way = Grant("contexts", (named,), tenant.name)
        yield Finding(setting(tenant.name, key), f"{text} {way}", grant=way)


def _named(place: ClusterRef) -> str:
    """As `contexts` has it: a context alone by its name, a kubeconfig by its way."""
    return place.way if place.kubeconfig else place.kube_context or ""
