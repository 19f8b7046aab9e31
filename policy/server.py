"""What the server's chart makes: nothing in a tenant's namespace, no rights for others; the rest is told.

`foreign_rights` stops a run. `wide_objects` is advised: the platform chose the chart, whose operators and databases may
need objects of the whole cluster, and images from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policy.declaration import Declaration, Violation
from policy.registries import foreign_images, registries_of
from policy.render import Objects, is_servers, namespace_of, objects_of
from rendering.unknown import at

_BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})
_WIDE = frozenset(
    {
        *("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "APIService", "Namespace"),
        *("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy"),
        *("PersistentVolume", "StorageClass", "PriorityClass", "IngressClass", "RuntimeClass", "Node"),
    }
)


def foreign_rights(declared: Declaration) -> Iterator[Violation]:
    """Each object of the server's release that is another namespace's, or gives rights there.

    Raises NotRenderedError.
    """
    if is_servers(declared):
        for line in foreign_objects(namespace_of(declared), objects_of(declared)):
            yield Violation(f"release {declared.name}: {line}", declared.urn)


def wide_objects(declared: Declaration) -> Iterator[Violation]:
    """What of it is the whole cluster's, and images that no registry of the stack has. Raises NotRenderedError."""
    if not is_servers(declared):
        return
    objects = objects_of(declared)
    wide = [f"makes {_what(each)}, which is the whole cluster's" for each in objects if each.get("kind") in _WIDE]
    for line in (*wide, *foreign_images(objects, registries_of(declared.stack))):
        yield Violation(f"release {declared.name}: {line}: look whether its chart needs it", declared.urn)


def foreign_objects(namespace: str, objects: Objects) -> Iterator[str]:
    """One line for each of the objects that reaches out of the server's `namespace`."""
    for each in objects:
        there = at(each, "metadata", "namespace")
        if there not in (None, namespace):
            yield f"{_what(each)}: lies in namespace {there}, and not in the server's own"
        if each.get("kind") in _BINDINGS:
            yield from (f"{_what(each)}: {text}" for text in _subjects(each, namespace))


def _subjects(binding: Mapping[str, Any], namespace: str) -> Iterator[str]:
    for subject in binding.get("subjects") or ():
        whose = at(subject, "namespace") or namespace
        if at(subject, "kind") != "ServiceAccount" or whose != namespace:
            yield f"gives rights to {at(subject, 'kind')} {at(subject, 'name')}, which is not the server's"


def _what(each: Mapping[str, Any]) -> str:
    return f"{each.get('kind')} {at(each, 'metadata', 'name')}"
