"""Which variables a tenant's file gives its workers and their pods, by whatever way. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from settings.models.secrets import DeclaredSecret, granted
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import worker_key
from settings.types.tree import children, content

# Kubernetes' EnvFromSource, as pods have it, and as charts call it.
_WHOLE = "envfrom"


@dataclass(frozen=True)
class Variables:
    """`named`: each as Kubernetes' EnvVar, after its key in the tenant's file; `hidden`: the keys of what gives others,
    of which nobody can tell here how they are called."""

    named: Sequence[tuple[str, Mapping[str, Any]]]
    hidden: Sequence[str]


def variables_of(tenant: Tenant, settings: StackSettings) -> Variables:
    """All of a tenant; a whole Secret gives those that its declaration in the tenant's or the stack's file names."""
    secrets = {**granted(settings.secrets, tenant.name), **tenant.secrets}
    found = [each for use, worker in tenant.all_workers.items() for each in _entries(worker, worker_key(use), secrets)]
    return Variables(
        [(at, variable) for at, variable in found if variable is not None],
        [at for at, variable in found if variable is None],
    )


def entries_of(values: object, at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each of Kubernetes' EnvVar in `values`, which stand at `at`."""
    yield from ((key, entry) for key, entry in _entries(values, at, {}) if entry is not None)


_Found = Iterator[tuple[str, Mapping[str, Any] | None]]


def _entries(value: object, at: str, secrets: Mapping[str, DeclaredSecret]) -> _Found:
    value = content(value)
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):
        yield at, value
    for name, key, each in children(value, at):
        if name.lower().endswith(_WHOLE) and isinstance(each, list | tuple):
            yield from _whole(each, key, secrets)
        else:
            yield from _entries(each, key, secrets)


def _whole(sources: Sequence[object], at: str, secrets: Mapping[str, DeclaredSecret]) -> _Found:
    for index, source in enumerate(sources):
        place, reference = f"{at}[{index}]", source.get("secretRef") if isinstance(source, Mapping) else None
        name = reference.get("name") if isinstance(reference, Mapping) else None
        if not isinstance(source, Mapping) or len(source) > 2 or not isinstance(name, str) or name not in secrets:
            yield place, None
            continue
        for key in secrets[name].keys:
            called = f"{source.get('prefix') or ''}{key}"
            yield place, {"name": called, "valueFrom": {"secretKeyRef": {"name": name, "key": key}}}
