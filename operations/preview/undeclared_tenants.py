"""Tenants that the state has and no file declares: one removed, or renamed with its admin's e-mail as it was. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from operations.preview.steps import tenant_of
from settings.types.naming import COMPANY, KUBERNETES_PROVIDER, name_of, without_id

_Resources = Sequence[Mapping[str, Any]]


def undeclared_tenants(resources: _Resources, declared: Collection[str], moved: Collection[str]) -> Iterator[str]:
    """URNs of what is no tenant's of `declared`, of the state's `resources` (as `pulumi stack export` has them).

    A tenant whose admin's e-mail is among `moved`, in lower case, has another name now, and is left out, too.
    """
    parents = {each["urn"]: each.get("parent") for each in resources}
    owners = {urn: tenant_of(urn, parents) for urn in parents}
    others = {"", *declared, *(owners[each["urn"]] for each in resources if _admin(each) in moved)}
    yield from (urn for urn, owner in owners.items() if owner not in others)


def lost_providers(resources: _Resources, waiting: Collection[str], places: Collection[str]) -> Iterator[str]:
    """URNs of the providers by which the resources `waiting` were made, in clusters that are none of `places` any more.

    The program makes one for each cluster that a file names (components.shards.clusters), so these would be removed.
    """
    used = {without_id(str(each.get("provider"))) for each in resources if each["urn"] in waiting}
    for each in resources:
        _, elsewhere, place = name_of(str(each["urn"])).partition("kubernetes/")
        if each["type"] == KUBERNETES_PROVIDER and elsewhere and each["urn"] in used and place not in places:
            yield str(each["urn"])


def _admin(resource: Mapping[str, Any]) -> str:
    """The e-mail by which a company is known, in lower case; empty for anything else."""
    inputs = resource.get("inputs") or {} if resource["type"] == COMPANY else {}
    return str(inputs.get("admin_email") or "").lower()
