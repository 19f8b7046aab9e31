"""How much a tenant's file may ask for: at most what the stack's file says, its default if it has no ceiling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.isolation import Amounts, Quota, limits, pod_security, quota
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.quantity import amount

_Model = TypeVar("_Model", Quota, Amounts)
_LEVELS = ("privileged", "baseline", "restricted")


@check("quota and limits are at most the stack's", precedence="last")
@for_each_tenant
def check_quota(tenant: Tenant, settings: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Quota, limits and pod security of the tenant's file that are above the stack's."""
    own, stack = tenant.isolation, settings.isolation
    if own.quota.model_fields_set:
        ceiling, held = _over(stack.quota, grants.quota), quota(stack, own)
        yield from _above(tenant, "isolation.quota", "quota", _amounts(held), _amounts(ceiling))
        if ceiling.gpus is not None and held.gpu_resource != ceiling.gpu_resource:
            text = f"is {held.gpu_resource!r}, so that nothing holds {ceiling.gpu_resource!r}; leave it to the stack's"
            yield Finding(setting(tenant.name, "isolation.quota.gpuResource"), text)
    if own.limits.max.model_fields_set:
        most, asked = _over(stack.limits.max, grants.limits), limits(stack, own).max
        yield from _above(tenant, "isolation.limits.max", "limits", _amounts(asked), _amounts(most))
    level, least = pod_security(stack, own), grants.pod_security or stack.pod_security
    if level != "privileged" and _LEVELS.index(level) < _LEVELS.index(least):
        way = Grant("podSecurity", level, tenant.name)
        text = f"{level!r} lets pods do more than the stack's {least!r}; remove it, or write in the stack's file {way}"
        yield Finding(setting(tenant.name, "isolation.podSecurity"), text, grant=way)


@check("every ceiling has a default that holds tenants without a quota", precedence="last")
def check_ceilings(facts: Facts) -> Iterator[Finding]:
    """A ceiling holds who says nothing only by a default of the stack's."""
    if (settings := facts.settings) is None:
        return
    for where, grants in {"": settings.tenant_rules, **settings.tenant_rules.tenants}.items():
        at = f"tenantRules.tenants.{where}" if where else "tenantRules"
        for name, most in _amounts(grants.quota).items():
            if settings.isolation.quota.model_dump(by_alias=True).get(name) is None and "." not in name:
                text = f"{most} is a ceiling for files that say a quota, and one that says none would have none; write"
                yield Finding(
                    setting("", f"{at}.quota.{name}"), f"{text} isolation: {{quota: {{{name}: {most!r}}}}} beside it"
                )


def _above(
    tenant: Tenant, where: str, rule: str, asked: Mapping[str, str], most: Mapping[str, str]
) -> Iterator[Finding]:
    for name, ceiling in most.items():
        wanted = asked.get(name)
        if wanted is None:
            text = f"takes the stack's {ceiling!r} away; remove this line"
        elif amount(wanted) > amount(ceiling):
            text = f"{wanted!r} is more than the stack's file allows, {ceiling!r}; lower it"
        else:
            continue
        leaf = name.removeprefix("other.")
        inner = f"{{other: {{{leaf}: …}}}}" if leaf != name else f"{{{name}: …}}"
        way = f"write in the stack's file tenantRules: {{tenants: {{{tenant.name}: {{{rule}: {inner}}}}}}}"
        yield Finding(setting(tenant.name, f"{where}.{name}"), f"{text}, or {way}")


def _over(base: _Model, more: _Model) -> _Model:
    return base.model_copy(update={name: getattr(more, name) for name in more.model_fields_set})


def _amounts(held: Quota | Amounts) -> dict[str, str]:
    """Every amount by its key, those of `other` as `other.<name>`."""
    dumped = held.model_dump(by_alias=True, exclude_none=True, exclude={"gpu_resource", "other"})
    other = held.other if isinstance(held, Quota) else {}
    return {**{name: str(value) for name, value in dumped.items()}, **{f"other.{k}": v for k, v in other.items()}}
