"""Which variables a tenant may not give its agents and its gateways: what they sign in with, where, past whom.

Variables of tasks are the tenant's own: its code could read a key, or ask a proxy, without them. Where they lead to is
judged all the same (`server_urls.py`), and so they may not hide it either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.checks.tenant_rules.pods import programs
from settings.checks.tenant_rules.pods.setting_files import settings_in_files
from settings.checks.tenant_rules.pods.variables import variables_of
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.extra import ExtraVariable
from settings.models.secrets import granted
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.hocon_reading import path_of, settings_of, unseen
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
    (rf"K8S_.*|{_PREFIX}(?:EXTRA_)?DOCKER_ARGS|{_PREFIX}(?:DOCKER|K8S)_HOST_MOUNT", _PODS),
    (r"(?:CLEARML|TRAINS|ALLEGRO)_CONFIG_(?:FILE|PATH|DIR)", _FILE),
)
# The same among the agent's settings.
_DOCKER_ARGUMENTS = (("extra_docker_arguments",), ("default_docker", "arguments"))
_RULES = ("default_docker", "match_rules")
_HIDDEN = (
    "gives the pod variables that nobody can see here, which may lead it, with its key, to another server; name one of "
    "secrets, whose keys its declaration has, or each variable by itself with valueFrom"
)
_UNREAD = (
    "may lead the worker, with its key, to another server: the parser here cannot read it, or it includes another "
    "file; write all of it here as plain HOCON, or take it out"
)
_UNVERIFIED = "lets anybody on the way pass for the server; take it out"
_PROXY = re.compile(r"(?:HTTPS?|WSS?|GRPC|FTP|SOCKS5?|PIP|ALL)_PROXY", re.IGNORECASE)
_TRUE = ("true", "1", "yes", "on")
# Each judges certificates unless it says otherwise: as the agent, Python, git and Node read it.
_ON = re.compile(rf"{_PREFIX}(?:API|WEB|FILES)_HOST_VERIFY_CERT|PYTHONHTTPSVERIFY|NODE_TLS_REJECT_UNAUTHORIZED")
# Empty, some of their readers judge no certificate at all (requests before 2.28 by CURL_CA_BUNDLE).
_AUTHORITIES = re.compile(r"(?:CURL|REQUESTS)_CA_BUNDLE|SSL_CERT_(?:FILE|DIR)|GIT_(?:PROXY_)?SSL_CAINFO")

# Kubernetes' own facts that are one word or number: no second setting can stand in them, as in an annotation.
_FACTS = re.compile(r"metadata\.(?:name|namespace|uid)|spec\.(?:nodeName|serviceAccountName)|status\.(?:host|pod)IP")
# An index of packages has its login in its address.
_LEADING = re.compile(r"(?:.*_)?(?:api|host|server|files?)|(?:.*(?<!index)_)?ur[il]")


@check("no variable gives a worker another key, another cluster or another way", precedence="last")
@for_each_tenant
def check_worker_variables(tenant: Tenant, _: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Every such variable of a worker's own container."""
    for use, worker in tenant.all_workers.items():
        yield from _list(tenant, worker_key(use), worker.extra_envs, grants)


@check("no variable hides which settings a worker takes from it", precedence="last")
@for_each_tenant
def check_unseen_settings(tenant: Tenant, settings: StackSettings, _: Grants) -> Iterator[Finding]:
    """Variables of workers and their pods that are read as HOCON, and of which nobody can tell here what they set."""
    secrets = frozenset({**granted(settings.secrets, tenant.name), **tenant.secrets})
    found = variables_of(tenant, settings)
    for key, variable in found.named:
        text = _unseen(variable, secrets)
        if text:
            yield Finding(setting(tenant.name, key), f"{variable['name']!r} {text}")
    for key in found.hidden:
        yield Finding(setting(tenant.name, key), _HIDDEN)


@check("no file of a worker's settings brings another key, another server or other pods", precedence="last")
@for_each_tenant
def check_setting_files(tenant: Tenant, _: StackSettings, __: Grants) -> Iterator[Finding]:
    """Every mounted clearml.conf that says so. Where it leads workers, `server_urls.py` judges."""
    for key, settings in settings_in_files(tenant):
        text = _UNREAD if settings is None else _of_settings(settings)
        if text:
            yield Finding(setting(tenant.name, key), text)


def _unseen(variable: Mapping[str, Any], secrets: frozenset[str]) -> str:
    path, value, source = path_of(variable["name"]), variable.get("value"), variable.get("valueFrom")
    if path is None:
        return ""
    text = "may lead the worker, with its key, to another server: "
    if isinstance(value, str):
        reason = unseen(value)
        return f"{text}{reason}; write all of it here as plain HOCON, or take it out" if reason else ""
    if not isinstance(source, Mapping) or _is_one_setting(path, source, secrets):
        return ""
    fix = "write its value, name one of secrets, whose values the stack's file has, or take it out"
    return f"{text}what is read there cannot be seen here; {fix}"


def _is_one_setting(path: tuple[str, ...], source: Mapping[str, Any], secrets: frozenset[str]) -> bool:
    """Whether `source` gives that setting alone: a fact of Kubernetes, or a Secret's value from the stack's file."""
    if len(source) != 1:
        return False
    (kind, reference), *_ = source.items()
    if not isinstance(reference, Mapping) or "api" in path:
        return False
    if kind == "secretKeyRef":
        return reference.get("name") in secrets and len(path) > 1 and not _LEADING.fullmatch(path[-1])
    return kind == "resourceFieldRef" or (
        kind == "fieldRef" and bool(_FACTS.fullmatch(str(reference.get("fieldPath"))))
    )


def _list(tenant: Tenant, key: str, variables: Sequence[ExtraVariable], grants: Grants) -> Iterator[Finding]:
    for index, variable in enumerate(variables):
        where = setting(tenant.name, f"{key}.extraEnvs[{index}].name")
        text, place = _refusal(variable, grants)
        if place:
            way = Grant("serverHosts", (place,), tenant.name)
            yield Finding(where, f"{variable.name!r} {text}, or write in the stack's file {way}", grant=way)
        elif text:
            yield Finding(where, f"{variable.name!r} {text}")


def _refusal(variable: ExtraVariable, grants: Grants) -> tuple[str, str]:
    """What is wrong, and the place that the stack's file may grant; both may be empty."""
    for pattern, text in _REFUSED:
        if re.fullmatch(pattern, variable.name, re.IGNORECASE):
            return text, ""
    if _is_unverified(variable.name.upper(), variable.value):
        return _UNVERIFIED, ""
    if _PROXY.fullmatch(variable.name):
        return _proxy(variable.value, grants)
    text, place = programs.refusal(variable.name.upper(), variable.value, grants.server_hosts)
    if text:
        return f"{text}; take it out", place
    return _of_settings(settings_of(variable.name, variable.value)), ""


def _is_unverified(name: str, value: str | None) -> bool:
    """Whether certificates may pass unjudged; what a Secret holds may say anything."""
    if _ON.fullmatch(name):
        return not _is_true(value)
    if _AUTHORITIES.fullmatch(name):
        return not (value or "").strip() or "$(" in (value or "")
    return False


def _of_settings(settings: Mapping[tuple[str, ...], object]) -> str:
    """What is wrong with one of the agent's own settings, by whatever variable or file it comes."""
    for path, value in settings.items():
        below = path[path.index("api") + 1 :] if "api" in path else ()
        if below[:1] == ("credentials",):
            return _KEY
        if below == ("verify_certificate",) and not _is_true(value):
            return _UNVERIFIED
        if path[-1:] == ("api",):
            return "sets address, key and check of certificates at once, unseen; write each setting by itself"
        if any(path[-len(each) :] == each for each in _DOCKER_ARGUMENTS) and value not in ("", []):
            return _PODS
        if path[-2:] == _RULES and not _is_without_arguments(value):
            return _PODS
    return ""


def _is_without_arguments(rules: object) -> bool:
    """Of rules which choose a task's image; what nobody can see here may have some."""
    if not isinstance(rules, list):
        return rules == ""
    return all(isinstance(each, Mapping) and not each.get("arguments", "") for each in rules)


def _is_true(value: object) -> bool:
    return str(value).strip().strip('"').lower() in _TRUE


def _proxy(value: str | None, grants: Grants) -> tuple[str, str]:
    """Whoever answers there is told what the worker asks of the server."""
    if value == "":
        return "", ""
    if value is None:
        text = "leads the worker, with its key, through a proxy that nobody can see here; write its address as value"
        return text, ""
    # Whoever reads it takes an address without a scheme for one of http.
    whole = value if "://" in value else f"http://{value}"
    place = host_with_port(whole)
    if not place:
        return "is the address of no proxy; write it like http://proxy.example.com:3128", ""
    if place in grants.server_hosts:
        return "", ""
    fix = "remove it" if whole == value else f"remove it, or write {whole} here"
    return f"leads the worker, with its key, through a proxy; {fix}", place
