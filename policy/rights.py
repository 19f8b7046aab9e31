"""A tenant's release has no rights but those of its chart: none in the whole cluster, none of another's account.

`cluster_rights` judges the values that a release is given, `foreign_objects` what a chart makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policy.declared import Declared, Violation
from policy.render import is_tenants, namespace_of, objects_of
from rendering.unknown import at
from settings.types.chart_rights import names_cluster_rights

# Everything that charts of agents and gateways have a use for; all of it lies in a namespace.
_KINDS = frozenset(
    {
        *("ServiceAccount", "Role", "RoleBinding", "ConfigMap", "Secret", "Service", "Deployment", "StatefulSet"),
        *("Job", "CronJob", "Pod", "Ingress", "HTTPRoute", "TCPRoute", "UDPRoute", "PersistentVolumeClaim"),
        *("HorizontalPodAutoscaler", "PodDisruptionBudget", "ServiceMonitor", "PodMonitor", "NetworkPolicy"),
    }
)
_ESCALATING = frozenset({"*", "bind", "escalate", "impersonate"})
_RBAC = frozenset({"*", "rbac.authorization.k8s.io"})
_TOKENS = frozenset({"*", "serviceaccounts", "serviceaccounts/token"})

_Object = Mapping[str, Any]


def cluster_rights(declared: Declared) -> Iterator[Violation]:
    """Every value of a tenant's release that would give it rights in the whole cluster."""
    if is_tenants(declared):
        for path in _cluster_keys(declared.props.get("values"), "values"):
            text = f"release {declared.name}: {path} gives rights in the whole cluster: take it out"
            yield Violation(text, declared.urn)


def rendered_rights(declared: Declared) -> Iterator[Violation]:
    """Every object of a tenant's release that it may not make. Raises NotRenderedError."""
    if not is_tenants(declared):
        return
    for line in foreign_objects(namespace_of(declared), objects_of(declared)):
        yield Violation(f"release {declared.name}: {line}", declared.urn)


def foreign_objects(namespace: str, objects: Sequence[_Object]) -> Iterator[str]:
    """One line for each object that a tenant's release in `namespace` may not make."""
    accounts = {_name(each) for each in objects if each.get("kind") == "ServiceAccount"}
    roles = {_name(each) for each in objects if each.get("kind") == "Role"}
    for each in objects:
        kind, there = str(each.get("kind")), at(each, "metadata", "namespace")
        what = f"{kind} {_name(each)}"
        if kind not in _KINDS:
            yield f"{what}: is no kind of object that a tenant's release makes"
        elif there not in (None, namespace):
            yield f"{what}: lies in namespace {there}, and not in the tenant's own"
        elif kind == "RoleBinding":
            yield from (f"{what}: {text}" for text in _binding(each, namespace, roles, accounts))
        elif kind == "Role":
            yield from (f"{what}: {text}" for text in _role(each))
        else:
            yield from (f"{what}: {text}" for text in _account(each, accounts))


def _binding(binding: _Object, namespace: str, roles: set[str], accounts: set[str]) -> Iterator[str]:
    role = at(binding, "roleRef", "name")
    if at(binding, "roleRef", "kind") != "Role" or role not in roles:
        yield f"gives the rights of {at(binding, 'roleRef', 'kind')} {role}, which the chart does not make"
    for subject in binding.get("subjects") or ():
        its = (at(subject, "kind"), at(subject, "namespace") or namespace, at(subject, "name") in accounts)
        if its != ("ServiceAccount", namespace, True):
            yield f"gives rights to {at(subject, 'kind')} {at(subject, 'name')}, which the chart does not make"


def _role(role: _Object) -> Iterator[str]:
    for rule in role.get("rules") or ():
        verbs, groups, kinds = (frozenset(rule.get(key) or ()) for key in ("verbs", "apiGroups", "resources"))
        if verbs & _ESCALATING or groups & _RBAC or kinds & _TOKENS:
            yield "gives rights to give rights"
            return


def _account(value: object, accounts: set[str]) -> Iterator[str]:
    """Every account that pods run as and the chart does not make; who names none has no rights."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key in ("serviceAccountName", "serviceAccount") and each not in ("", "default", *accounts):
                yield f"runs as account {each}, which the chart does not make"
            else:
                yield from _account(each, accounts)
    elif isinstance(value, list):
        for each in value:
            yield from _account(each, accounts)


def _cluster_keys(value: object, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if each and names_cluster_rights([str(key)]):
                yield f"{path}.{key}"
            else:
                yield from _cluster_keys(each, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _cluster_keys(each, f"{path}[{index}]")


def _name(each: _Object) -> str:
    return str(at(each, "metadata", "name"))
