"""Every tenant's namespace is closed in both directions by a policy of its own that opens nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy.declaration import Declaration, Violation
from rendering.unknown import UNKNOWN, at
from settings.types.naming import NAMESPACE, NETWORK_POLICY, TENANT, TENANT_LABEL


def open_namespaces(stack: Sequence[Declaration]) -> Iterator[Violation]:
    """Every namespace of a tenant that no policy closes."""
    closing = [each for each in stack if each.type == NETWORK_POLICY and _denies_all(each)]
    for namespace in stack:
        if _is_tenants(namespace) and not any(_is_in(policy, namespace) for policy in closing):
            text = (
                f"namespace {namespace.name}: no network policy closes it: add one for every pod (podSelector: {{}}) "
                "with policyTypes [Ingress, Egress] and no rule"
            )
            yield Violation(text, namespace.urn)


def _is_tenants(declared: Declaration) -> bool:
    """By its label, or, should that be forgotten, by what made it."""
    labels = at(declared.props, "metadata", "labels")
    labelled = isinstance(labels, dict) and TENANT_LABEL in labels
    return declared.type == NAMESPACE and (labelled or f"{TENANT}$" in declared.urn)


def _denies_all(policy: Declaration) -> bool:
    spec = at(policy.props, "spec")
    kinds = at(spec, "policyTypes")
    return (
        at(spec, "podSelector") == {}
        and isinstance(kinds, list)
        and set(kinds) == {"Ingress", "Egress"}
        and not at(spec, "ingress")
        and not at(spec, "egress")
    )


def _is_in(policy: Declaration, namespace: Declaration) -> bool:
    """The same name in the same cluster; a name that a preview does not know yet comes from the namespace itself."""
    where = at(policy.props, "metadata", "namespace")
    if policy.provider != namespace.provider:
        return False
    if where is UNKNOWN:
        return namespace.urn in policy.depends_on
    return bool(where) and where == at(namespace.props, "metadata", "name")
