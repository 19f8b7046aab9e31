"""A tenant's release has no rights but those of its chart: none in the whole cluster, none of another's account.

`cluster_rights` judges the values that a release is given, `foreign_objects` what a chart makes of them. An agent whose
tenant has its cluster alone may see all of it, if the stack's file says so; `shared_clusters` finds who is not alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from policy.declaration import Declaration, Violation
from policy.render import is_tenants, namespace_of, objects_of
from policy.stack_settings import stack_settings
from rendering.unknown import at
from settings.types.chart_rights import names_cluster_rights
from settings.types.naming import AGENT, NAMESPACE, name_of
from settings.types.tree import children

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

_WIDE = frozenset({"ClusterRole", "ClusterRoleBinding"})
_ACCESS = "values.agentk8sglue.serviceAccountClusterAccess"
# How the providers of other clusters than the server's are called.
_ELSEWHERE = "kubernetes/"
_ROOT = Path(__file__).resolve().parents[1]
_Object = Mapping[str, Any]


def cluster_rights(declared: Declaration, *, root: Path = _ROOT) -> Iterator[Violation]:
    """Every value of a tenant's release that would give it rights in the whole cluster."""
    if is_tenants(declared):
        for path in _cluster_keys(declared.props.get("values"), "values"):
            if path == _ACCESS and _is_granted(declared, root):
                continue
            text = f"release {declared.name}: {path} gives rights in the whole cluster: take it out"
            yield Violation(text, declared.urn)


def shared_clusters(stack: Sequence[Declaration]) -> Iterator[Violation]:
    """Every release with rights in a whole cluster where another tenant has its namespace."""
    for declared in stack:
        if not is_tenants(declared) or not _has_access(declared):
            continue
        for each in stack:
            if each.type == NAMESPACE and each.provider == declared.provider and not _is_its(each, declared):
                text = f"release {declared.name}: {_ACCESS} gives rights in a cluster where {each.name} is too"
                yield Violation(f"{text}: take it out", declared.urn)
                break


def rendered_rights(declared: Declaration, *, root: Path = _ROOT) -> Iterator[Violation]:
    """Every object of a tenant's release that it may not make. Raises NotRenderedError."""
    if not is_tenants(declared):
        return
    wide = _has_access(declared) and _is_granted(declared, root)
    for line in foreign_objects(namespace_of(declared), objects_of(declared), wide=wide):
        yield Violation(f"release {declared.name}: {line}", declared.urn)


def foreign_objects(namespace: str, objects: Sequence[_Object], *, wide: bool = False) -> Iterator[str]:
    """One line for each object that a tenant's release in `namespace` may not make.

    `wide`: its tenant has the cluster alone.
    """
    accounts = {_name(each) for each in objects if each.get("kind") == "ServiceAccount"}
    roles = {_name(each) for each in objects if each.get("kind") == "Role"}
    wide_roles = {_name(each) for each in objects if each.get("kind") == "ClusterRole"}
    for each in objects:
        kind, there = str(each.get("kind")), at(each, "metadata", "namespace")
        what = f"{kind} {_name(each)}"
        if wide and kind in _WIDE:
            faults = (
                _binding(each, namespace, "ClusterRole", wide_roles, accounts) if "roleRef" in each else _role(each)
            )
            yield from (f"{what}: {text}" for text in faults)
        elif kind not in _KINDS:
            yield f"{what}: is no kind of object that a tenant's release makes"
        elif there not in (None, namespace):
            yield f"{what}: lies in namespace {there}, and not in the tenant's own"
        elif kind == "RoleBinding":
            yield from (f"{what}: {text}" for text in _binding(each, namespace, "Role", roles, accounts))
        elif kind == "Role":
            yield from (f"{what}: {text}" for text in _role(each))
        else:
            yield from (f"{what}: {text}" for text in _account(each, accounts))


def _binding(binding: _Object, namespace: str, kind: str, roles: set[str], accounts: set[str]) -> Iterator[str]:
    """Of what gives more than a role of `kind` that the chart makes, or gives it to others than its own accounts."""
    role = at(binding, "roleRef", "name")
    if at(binding, "roleRef", "kind") != kind or role not in roles:
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
    for name, _, each in children(value, ""):
        if name in ("serviceAccountName", "serviceAccount") and each not in ("", "default", *accounts):
            yield f"runs as account {each}, which the chart does not make"
        else:
            yield from _account(each, accounts)


def _has_access(declared: Declaration) -> bool:
    return _ACCESS in _cluster_keys(declared.props.get("values"), "values")


def _is_granted(declared: Declaration, root: Path) -> bool:
    """Whether it is an agent in another cluster than the server's, and the stack's file lets its tenant see that."""
    if f"{AGENT}$" not in declared.urn or not name_of(declared.provider).startswith(_ELSEWHERE):
        return False
    rules = at(stack_settings(declared.stack, root), "tenantRules")
    if at(rules, "clusterAccess") is True:
        return True
    tenants = at(rules, "tenants")
    own = tenants.items() if isinstance(tenants, Mapping) else ()
    return any(at(its, "clusterAccess") is True and _is_of(declared, str(name)) for name, its in own)


def _is_of(declared: Declaration, tenant: str) -> bool:
    """By its namespace; by its own name where a preview does not know that yet."""
    where = declared.props.get("namespace")
    if isinstance(where, str):
        return where == tenant
    return declared.name == f"{tenant}-agent" or declared.name.startswith(f"{tenant}-agent-")


def _is_its(namespace: Declaration, release: Declaration) -> bool:
    return _is_of(release, namespace.name)


def _cluster_keys(value: object, path: str) -> Iterator[str]:
    for name, key, each in children(value, path):
        if each and names_cluster_rights([name]):
            yield key
        else:
            yield from _cluster_keys(each, key)


def _name(each: _Object) -> str:
    return str(at(each, "metadata", "name"))
