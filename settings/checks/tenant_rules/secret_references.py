"""A tenant's pods name Secrets of the tenant's own, or such of the stack's as are granted, by keys that these hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from settings.check_registry import check
from settings.checks.pod_data import holds_data
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.models.secrets import DeclaredSecret, StackSecret, granted
from settings.models.tenant import Tenant
from settings.types.naming import worker_key
from settings.types.tree import children, content

# How a pod, a volume or a chart's value names a Secret.
_BY_TEXT = frozenset({"secretName", "existingSecret"})
_BY_OBJECT = frozenset({"secretKeyRef", "secretRef", "secret", "nodePublishSecretRef"})
_PULL = "imagePullSecrets"


@dataclass(frozen=True)
class _Space:
    """One namespace: the Secrets that are `known` there, those `withheld` from it, and `logins` that it is granted."""

    tenant: str
    known: Mapping[str, DeclaredSecret]
    withheld: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tenant: Tenant, secrets: Mapping[str, StackSecret]) -> _Space:
        """A tenant's."""
        given = granted(secrets, tenant.name)
        known = {**given, **tenant.secrets}
        logins = frozenset(name for name, secret in given.items() if secret.is_login)
        return cls(tenant.name, known, frozenset(set(secrets) - set(known)), logins)

    def faults(self, name: str, keys: Sequence[str], *, pulled: bool) -> Iterator[str]:
        """What is wrong with a reference to `keys` of the Secret `name`, or with pulling images with it."""
        if name in self.withheld:
            yield (
                f"{name!r} is the stack's Secret, which this tenant's namespace does not have; write "
                f"tenants: [{self.tenant}] at secrets.{name} of the stack's settings, or declare one of its own"
            )
        elif name in self.logins and not pulled:
            yield f"{name!r} is the stack's login at a registry, which pulls images and no pod may read; take it out"
        elif name in self.known and not self.known[name].is_login:
            held = self.known[name].keys
            for key in keys:
                if key not in held:
                    yield f"{key!r} is no key of Secret {name}, which holds {', '.join(held)}; write one of these"


@check("pods name Secrets that their namespace has, by keys that these hold")
def check_secret_references(facts: Facts) -> Iterator[Finding]:
    """Every reference to a Secret of the stack that is not granted, to a login, or to a key that is not there."""
    if (settings := facts.settings) is None:
        return
    yield from _found(settings.server, "server", _Space("", settings.secrets))
    for tenant in facts.tenants:
        space = _Space.of(tenant, settings.secrets)
        for use, worker in tenant.all_workers.items():
            yield from _found(worker, worker_key(use), space)


def _found(value: BaseModel, at: str, space: _Space) -> Iterator[Finding]:
    for where, name, keys in _references(value, at):
        for text in space.faults(name, keys, pulled=f".{_PULL}[" in where):
            yield Finding(setting(space.tenant, where), text)


def _references(value: object, at: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Where a Secret is named, its name, and the keys that are asked of it."""
    holder, data = content(value), holds_data(at.rpartition(".")[2])
    for key, here, each in children(holder, at):
        source = each if isinstance(each, Mapping) else {}
        name, asked = source.get("name"), source.get("key")
        if not data and key in _BY_TEXT and isinstance(each, str):
            yield here, each, _items(holder)
        elif not data and key in _BY_OBJECT and isinstance(name, str):
            yield here, name, (asked,) if isinstance(asked, str) else _items(source)
        elif not key and at.endswith(f".{_PULL}") and isinstance(name, str):
            yield here, name, ()
        else:
            yield from _references(each, here)


def _items(source: object) -> tuple[str, ...]:
    """The keys that a volume takes of its Secret; all of them if it names none."""
    items = source.get("items") if isinstance(source, Mapping) else None
    entries = items if isinstance(items, list | tuple) else ()
    return tuple(each["key"] for each in entries if isinstance(each, Mapping) and isinstance(each.get("key"), str))
