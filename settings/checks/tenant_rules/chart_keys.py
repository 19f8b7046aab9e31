"""Which further chart values a tenant's file may set: those that shape its own pods, and what the stack lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.chart_rights import names_cluster_rights, names_rights
from settings.types.naming import is_gateway, worker_key
from settings.types.secrets.url_login import quoted
from settings.types.tree import nodes

_Path = tuple[str, ...]
# Where each chart takes its pods' settings.
_PARTS: Mapping[str, tuple[_Path, ...]] = {"agent": (("agentk8sglue",), ()), "gateway": (("router",), ())}
_QUOTE = "'"
_OF_PODS = (
    *("resources", "nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "replicaCount"),
    *("labels", "annotations", "podLabels", "podAnnotations", "podDisruptionBudget", "terminationGracePeriodSeconds"),
)

# What the public agents' chart calls otherwise, or has in one value, and the setting that says it here.
_SAID_BY: Mapping[_Path, str] = {
    ("agentk8sglue", "queue"): "queues: {%s: {}}",
    ("agentk8sglue", "createQueueIfNotExists"): "createQueues: %s",
}


@check("tenants set only chart values of their own pods", precedence="last")
@for_each_tenant
def check_chart_keys(tenant: Tenant, _: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Values of `extraValues` that the stack's file does not let the tenant set."""
    granted = [tuple(each.split(".")) for each in grants.chart_values]
    for use, worker in tenant.all_workers.items():
        where, allowed = f"{worker_key(use)}.extraValues", _allowed("gateway" if is_gateway(use) else "agent", granted)
        yield from _refused(tenant.name, where, worker.extra_values, allowed, ())


def _allowed(chart: str, granted: list[_Path]) -> frozenset[_Path]:
    return frozenset((*granted, *((*part, name) for part in _PARTS[chart] for name in _OF_PODS)))


def _refused(
    tenant: str, where: str, values: Mapping[str, Any], allowed: frozenset[_Path], above: _Path
) -> Iterator[Finding]:
    """The highest key of each branch that leads to nothing allowed."""
    for name, value in values.items():
        path = (*above, str(name))
        key = f"{where}.{'.'.join(path)}"
        if path in allowed and not names_cluster_rights(path):
            continue
        if isinstance(value, Mapping) and any(each[: len(path)] == path for each in allowed):
            yield from _refused(tenant, where, value, allowed, path)
        else:
            yield _refusal(tenant, key, path, value)


def _refusal(tenant: str, key: str, path: _Path, value: object) -> Finding:
    where = setting(tenant, key)
    if names_cluster_rights(path) or _holds_cluster_rights(value):
        return Finding(where, "gives rights in the whole cluster, so in other tenants' namespaces; remove it")
    if path in _SAID_BY:
        said = str(value).lower() if isinstance(value, bool) else str(value)
        text = (
            f"is said by a setting of the agent; take it out, and write {_SAID_BY[path] % quoted(said).strip(_QUOTE)}"
        )
        return Finding(where, text)
    what = "names roles, bindings or accounts" if names_rights(path[-1]) else "is no chart value that tenants may set"
    way = Grant("chartValues", (".".join(path),), tenant)
    return Finding(where, f"{what}; remove it, or write in the stack's file {way}", grant=way)


def _holds_cluster_rights(value: object) -> bool:
    return any(names_cluster_rights(map(str, each)) for _, each in nodes(value) if isinstance(each, Mapping))
