"""Which variables a tenant may not give its agents and its gateways: what they sign in with, where, past whom.

Variables of tasks are the tenant's own: its code could read a key, or ask a proxy, without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.finding import Finding, setting
from settings.models.extra import ExtraVariable
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.naming import worker_key
from settings.types.urls import host_with_port

_PREFIX = r"(?:CLEARML|TRAINS|ALG)_(?:AGENT_)?"
_LEVELS = r"(?:CLEARML|TRAINS|CLEARML_AGENT)__(?:AGENT__)?API__"
_KEY = "is what workers sign in with, and this program makes the tenant's own; take it out, and raise keyGeneration"
_CLUSTER = "leads the worker, with its account's token, to another cluster; take it out"
_PODS = "decides how the agent makes pods, past queues and basePodTemplate; write these, and take it out"
_REFUSED = (
    (rf"{_PREFIX}API_(?:ACCESS|SECRET)_KEY|{_LEVELS}CREDENTIALS(?:__.*)?|{_PREFIX}AUTH_TOKEN", _KEY),
    (r"KUBECONFIG|KUBERNETES_(?:SERVICE|PORT)(?:_.*)?", _CLUSTER),
    (r"K8S_.*", _PODS),
)
_VERIFY = re.compile(rf"{_PREFIX}API_HOST_VERIFY_CERT|{_LEVELS}VERIFY_CERTIFICATE", re.IGNORECASE)
_PROXY = re.compile(r"(?:HTTPS?|ALL)_PROXY", re.IGNORECASE)
_TRUE = ("true", "1", "yes", "on")


@check("no variable gives a worker another key, another cluster or another way", precedence="last")
@for_each_tenant
def check_worker_variables(tenant: Tenant, _: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Every such variable of a worker's own container."""
    for use, worker in tenant.all_workers.items():
        yield from _list(tenant, worker_key(use), worker.extra_envs, grants)


def _list(tenant: Tenant, key: str, variables: Sequence[ExtraVariable], grants: Grants) -> Iterator[Finding]:
    for index, variable in enumerate(variables):
        text = _refusal(tenant, variable, grants)
        if text:
            yield Finding(setting(tenant.name, f"{key}.extraEnvs[{index}].name"), f"{variable.name!r} {text}")


def _refusal(tenant: Tenant, variable: ExtraVariable, grants: Grants) -> str:
    for pattern, text in _REFUSED:
        if re.fullmatch(pattern, variable.name, re.IGNORECASE):
            return text
    value = (variable.value or "").strip().strip('"').lower()
    if _VERIFY.fullmatch(variable.name) and value not in _TRUE:
        return "lets anybody on the way pass for the server; take it out"
    if _PROXY.fullmatch(variable.name):
        return _proxy(tenant, variable.value, grants)
    return ""


def _proxy(tenant: Tenant, value: str | None, grants: Grants) -> str:
    """Whoever answers there is told what the worker asks of the server."""
    place = host_with_port(value) if value else ""
    if value == "" or place in grants.server_hosts:
        return ""
    way = f"tenantRules: {{tenants: {{{tenant.name}: {{serverHosts: ['{place or 'proxy.example.com:3128'}']}}}}}}"
    return f"leads the worker, with its key, through a proxy; remove it, or write in the stack's file {way}"
