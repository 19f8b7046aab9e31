"""A quota is one that Kubernetes takes, and leaves room for a task beside agents and gateways."""

from __future__ import annotations

import re
from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.isolation import Quota, quota
from settings.types.quantity import amount

# What a quota counts beside what has a `/` in its name (Kubernetes, "Resource Quotas").
_COUNTED = re.compile(
    r"(?:(?:requests|limits)\.)?(?:cpu|memory|ephemeral-storage)|(?:requests\.)?(?:storage|hugepages-[A-Za-z0-9.]+)|pods"
    r"|configmaps|secrets|services(?:\.loadbalancers|\.nodeports)?|persistentvolumeclaims|replicationcontrollers"
    r"|resourcequotas|.*/.*"
)
_LEAST_MEMORY = 1024**2


@check("a quota is one that Kubernetes takes, with room for a task")
def check_room(facts: Facts) -> Iterator[Finding]:
    """Names that no quota counts, and quotas under which no task starts."""
    if (settings := facts.settings) is None:
        return
    yield from _uncounted("", settings.isolation.quota)
    for tenant in facts.tenants:
        yield from _uncounted(tenant.name, tenant.isolation.quota)
        held, own = quota(settings.isolation, tenant.isolation), len(tenant.uses)
        if not tenant.all_agents:
            continue
        if held.pods is not None and held.pods <= own:
            text = (
                f"{held.pods} leaves no pod to tasks beside the {own} of agents and gateways; write at least {own + 1}"
            )
            yield Finding(setting(tenant.name, "isolation.quota.pods"), text, WARNING)
        if held.cpu is not None and amount(held.cpu) == 0:
            text = "is nothing, so no pod starts that asks for cpu; leave it out, or write it like 16"
            yield Finding(setting(tenant.name, "isolation.quota.cpu"), text, WARNING)
        if held.memory is not None and amount(held.memory) < _LEAST_MEMORY:
            text = f"{held.memory!r} is less than a megabyte, for a number alone is bytes, so no pod starts that asks"
            fix = f"for memory; write it like {held.memory if held.memory.isdigit() and held.memory != '0' else 64}Gi"
            yield Finding(setting(tenant.name, "isolation.quota.memory"), f"{text} {fix}", WARNING)


def _uncounted(tenant: str, written: Quota) -> Iterator[Finding]:
    for name in written.other:
        if not _COUNTED.fullmatch(name):
            text = (
                f"{name!r} is nothing that a quota counts, so the cluster refuses it; write it like count/jobs.batch "
                "or requests.amd.com/gpu, and GPUs as gpus"
            )
            yield Finding(setting(tenant, f"isolation.quota.other.{name}"), text)
