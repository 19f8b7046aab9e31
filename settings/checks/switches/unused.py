"""Warns of every setting that has no effect while a switch beside it is off; its writer thinks that it has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, Where, setting
from settings.models.server.parts import Fileserver, Mongodb
from settings.models.server.release import Supervisor
from settings.models.server.secrets import Metering
from settings.models.server.sign_in.ldap import Ldap
from settings.types.shape import keys_of
from settings.types.tree import below, children

_SWITCH = "enabled"
# Of these it is no switch, but one value among others.
_NO_SWITCH = (Mongodb,)
# What counts all the same: a company that no tenant may take over, and what turned the part off.
_COUNTS: Mapping[type[BaseModel], frozenset[str]] = {
    Supervisor: frozenset({"company"}),
    Fileserver: frozenset({"external_url"}),
}


@check("no setting waits for something that is off")
def check_switches(facts: Facts) -> Iterator[Finding]:
    """A warning for each."""
    if facts.settings:
        for key, switch in _unused(facts.settings, ""):
            yield _warning(setting("", key), switch)
        yield from _metering(facts)
    for tenant in facts.tenants:
        for key, switch in _unused(tenant, ""):
            yield _warning(setting(tenant.name, key), switch)


def _warning(where: Where, switch: str) -> Finding:
    return Finding(where, f"has no effect while {switch} is false; write {switch}: true, or remove this", WARNING)


def _unused(value: object, at: str) -> Iterator[tuple[str, str]]:
    """The key of each such setting below `at`, and the key of its switch."""
    kind: Any = type(value)
    own = list(_own(value, at)) if _has_switch(kind) and isinstance(value, BaseModel) else []
    yield from own
    if not own:
        for _, key, each in children(value, at):
            yield from _unused(each, key)


@cache
def _has_switch(kind: type) -> bool:
    """Of most things that a walk meets nothing has to be asked."""
    return issubclass(kind, BaseModel) and (_SWITCH in kind.model_fields or issubclass(kind, Ldap))


def _own(model: BaseModel, at: str) -> Iterator[tuple[str, str]]:
    """Of the model itself."""
    if isinstance(model, Ldap) and model.tls.model_fields_set and not model.is_encrypted:
        yield below(at, "tls"), below(at, "useTls")
    if getattr(model, _SWITCH, None) is not False or isinstance(model, _NO_SWITCH):
        return
    for name in sorted(
        (model.model_fields_set & type(model).model_fields.keys()) - {_SWITCH} - _COUNTS.get(type(model), frozenset())
    ):
        field = type(model).model_fields[name]
        if getattr(model, name) != field.get_default(call_default_factory=True):
            yield below(at, str(field.alias)), below(at, _SWITCH)


def _metering(facts: Facts) -> Iterator[Finding]:
    """Secrets stand in another place than what they are for."""
    if facts.settings and not facts.settings.server.usage_aggregator.enabled:
        for key in keys_of(Metering):
            if key in facts.secrets:
                yield _warning(facts.stack_key(key), "server.usageAggregator.enabled")
