"""What a release's chart makes of the values that it is given; helm is asked once for all judges of a release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from policy.declaration import Declaration
from rendering import helm
from rendering.helm import NotRenderedError
from settings.types.naming import PLATFORM, RELEASE, TENANT

_ROOT = Path(__file__).resolve().parents[1]
Objects = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class _Release:
    """Compared by all that helm is asked with, as text."""

    key: str
    name: str
    namespace: str
    declared: Declaration = field(compare=False)


def objects_of(declared: Declaration) -> Objects:
    """Every object of the release in its namespace. Raises NotRenderedError."""
    name, namespace = declared.props.get("name"), namespace_of(declared)
    key = json.dumps([declared.urn, declared.props], sort_keys=True, default=repr)
    found = _objects(_Release(key, name if isinstance(name, str) else declared.name, namespace, declared))
    if isinstance(found, NotRenderedError):
        raise NotRenderedError(str(found))
    return found


def is_tenants(declared: Declaration) -> bool:
    """Whether it is a release of a tenant's."""
    return declared.type == RELEASE and f"{TENANT}$" in declared.urn


def is_servers(declared: Declaration) -> bool:
    """Whether it is the platform's release, and no tenant's."""
    return declared.type == RELEASE and f"{PLATFORM}$" in declared.urn


def namespace_of(declared: Declaration) -> str:
    """The release's own; some text if a preview does not know it yet."""
    where = declared.props.get("namespace")
    return where if isinstance(where, str) else "tenant"


# The engine asks every judge about one release before it comes to the next.
@lru_cache(maxsize=4)
def _objects(release: _Release) -> Objects | NotRenderedError:
    try:
        return helm.objects_of(release.declared.props, release.name, release.namespace, root=_ROOT)
    except NotRenderedError as error:
        return error
