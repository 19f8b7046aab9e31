"""Somebody's quota, policy or Secret at a name of ours: the engine would change it, or end halfway in a conflict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from components.namespaces.commands import kubectl
from operations.releases.helm import Helm
from operations.releases.inventory import ObjectAddress
from operations.releases.occupants.makers import maker_of
from operations.releases.ownership import Stack
from settings.types.naming import LIMIT_RANGE, NETWORK_POLICY, RESOURCE_QUOTA, SECRET

_PATHS = {
    NETWORK_POLICY: "/apis/networking.k8s.io/v1/networkpolicies",
    RESOURCE_QUOTA: "/api/v1/resourcequotas",
    LIMIT_RANGE: "/api/v1/limitranges",
    SECRET: "/api/v1/secrets",
}
# Helm's own records are many and long.
_QUERIES = {SECRET: {"fieldSelector": "type!=helm.sh/release.v1"}}
# The plugin calls itself so, with something random behind it for each object.
_PLUGIN = "pulumi-"


def objects_in_the_way(helm: Helm, stack: Stack, spaces: Collection[str]) -> Iterator[str]:
    """One line each, of those in these namespaces of one place, which the stack has or is about to have.

    A kind is listed once, and only where the state lacks an object of it. Raises OperationError.
    """
    lacking = [
        each
        for each in stack.objects
        if each.place == helm.place and each.namespace in spaces and each not in stack.recorded.objects
    ]
    for token, path in _PATHS.items():
        wanted = {(each.namespace, each.name): each for each in lacking if each.token == token}
        for metadata in helm.listed(path, **_QUERIES.get(token, {})) if wanted else ():
            found = wanted.get((str(metadata.get("namespace")), str(metadata.get("name"))))
            if found and not _by_plugin(metadata):
                yield _line(found, maker_of(metadata), stack.objects[found])


def _by_plugin(metadata: Mapping[str, Any]) -> bool:
    """Then a run of before made it: a namespace of another stack is in the way as a whole."""
    managers = (str(each.get("manager")) for each in metadata.get("managedFields") or ())
    return any(each.startswith(_PLUGIN) for each in managers)


def _line(found: ObjectAddress, maker: str, file: str) -> str:
    kind = found.token.rpartition(":")[2]
    delete = kubectl(f"delete {kind.lower()} {found.name} --namespace {found.namespace}", found.place)
    return (
        f"{kind} {found.namespace}/{found.name} ({found.place}) is there, made by {maker}, and {file} asks for one of "
        f"that name: keep it under another; or, if ours may take its place: {delete}"
    )
