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
from settings.types.hocon_reading import settings_of
from settings.types.naming import worker_key
from settings.types.urls import host_with_port

_PREFIX = r"(?:CLEARML|TRAINS|ALG)_(?:AGENT_)?"
_KEY = "is what workers sign in with, and this program makes the tenant's own; take it out, and raise keyGeneration"
_CLUSTER = "leads the worker, with its account's token, to another cluster; take it out"
_PODS = "decides how the agent makes pods, past queues and basePodTemplate; write these, and take it out"
_FILE = "has the worker read another file of settings, with another server and key in it; take it out"
_REFUSED = (
    (rf"{_PREFIX}API_(?:ACCESS|SECRET)_KEY|{_PREFIX}AUTH_TOKEN", _KEY),
    (r"KUBECONFIG|KUBERNETES_(?:SERVICE|PORT)(?:_.*)?", _CLUSTER),
    (r"K8S_.*", _PODS),
    (r"(?:CLEARML|TRAINS|ALLEGRO)_CONFIG_(?:FILE|PATH|DIR)", _FILE),
)
_UNVERIFIED = "lets anybody on the way pass for the server; take it out"
_PROXY = re.compile(r"(?:HTTPS?|ALL)_PROXY", re.IGNORECASE)
_TRUE = ("true", "1", "yes", "on")
# Each judges certificates unless it says otherwise: as the agent, Python, git and Node read it.
_ON = re.compile(rf"{_PREFIX}(?:API|WEB|FILES)_HOST_VERIFY_CERT|PYTHONHTTPSVERIFY|NODE_TLS_REJECT_UNAUTHORIZED")
# Git looks whether it is there, not at its value.
_OFF = "GIT_SSL_NO_VERIFY"
# Empty, some of their readers judge no certificate at all (requests before 2.28 by CURL_CA_BUNDLE).
_AUTHORITIES = re.compile(r"(?:CURL|REQUESTS)_CA_BUNDLE|SSL_CERT_(?:FILE|DIR)|GIT_SSL_CAINFO")


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
    if _is_unverified(variable.name.upper(), variable.value):
        return _UNVERIFIED
    if _PROXY.fullmatch(variable.name):
        return _proxy(tenant, variable.value, grants)
    return _of_settings(variable)


def _is_unverified(name: str, value: str | None) -> bool:
    """Whether certificates may pass unjudged; what a Secret holds may say anything."""
    if _ON.fullmatch(name):
        return not _is_true(value)
    if _AUTHORITIES.fullmatch(name):
        return not (value or "").strip()
    return name == _OFF


def _of_settings(variable: ExtraVariable) -> str:
    """What is wrong with one of the agent's own settings, by whatever variable it comes."""
    for path, value in settings_of(variable.name, variable.value).items():
        below = path[path.index("api") + 1 :] if "api" in path else ()
        if below[:1] == ("credentials",):
            return _KEY
        if below == ("verify_certificate",) and not _is_true(value):
            return _UNVERIFIED
        if path[-1:] == ("api",):
            return "sets address, key and check of certificates at once, unseen; write each setting by itself"
    return ""


def _is_true(value: object) -> bool:
    return str(value).strip().strip('"').lower() in _TRUE


def _proxy(tenant: Tenant, value: str | None, grants: Grants) -> str:
    """Whoever answers there is told what the worker asks of the server."""
    if value == "":
        return ""
    if value is None:
        return "leads the worker, with its key, through a proxy that nobody can see here; write its address as value"
    # Whoever reads it takes an address without a scheme for one of http.
    whole = value if "://" in value else f"http://{value}"
    place = host_with_port(whole)
    if not place:
        return "is the address of no proxy; write it like http://proxy.example.com:3128"
    if place in grants.server_hosts:
        return ""
    way = f"tenantRules: {{tenants: {{{tenant.name}: {{serverHosts: ['{place}']}}}}}}"
    fix = "remove it" if whole == value else f"remove it, or write {whole} here"
    return f"leads the worker, with its key, through a proxy; {fix}, or write in the stack's file {way}"
