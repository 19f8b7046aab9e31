"""A container's environment, resolved as a kubelet would: `envFrom`, then `env`, references, `$(NAME)` expansion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["Secret", "ConfigMap"]
_KINDS: Mapping[str, Kind] = {
    "secretKeyRef": "Secret",
    "configMapKeyRef": "ConfigMap",
    "secretRef": "Secret",
    "configMapRef": "ConfigMap",
}
_EXPANSION = re.compile(r"\$(?:\$|\(([^()]*)\))")


class UnresolvedError(LookupError):
    """The environment names something that is not there; what Kubernetes calls CreateContainerConfigError."""


@dataclass(frozen=True)
class Reference:
    """A Secret or ConfigMap that a container reads; `name` is within the container's namespace."""

    kind: Kind
    name: str


@dataclass(frozen=True)
class Environment:
    """Variables of a container; `secrets` are those of its values that must never be shown."""

    variables: Mapping[str, str] = field(repr=False)
    secrets: frozenset[str] = field(repr=False)


Sources = Mapping[Reference, Mapping[str, str] | None]


def references(container: Mapping[str, Any]) -> frozenset[Reference]:
    """Every Secret and ConfigMap that the container's environment names."""
    named = (_reference(source) for source in _sources(container))
    return frozenset(found[0] for found in named if found)


def resolve(container: Mapping[str, Any], sources: Sources) -> Environment:
    """The container's variables, given the contents of what `references` named (None: it does not exist).

    A later entry of the same name wins. Raises UnresolvedError for a reference to nothing, unless it is optional.
    """
    variables: dict[str, str] = {}
    secrets: set[str] = set()
    for entry in container.get("envFrom") or []:
        found = _whole(entry, sources)
        variables.update(found)
        if "secretRef" in entry:
            secrets.update(found.values())
    for entry in container.get("env") or []:
        value = _value(entry, sources, variables)
        if value is None:
            continue
        variables[entry["name"]] = value
        if "secretKeyRef" in (entry.get("valueFrom") or {}):
            secrets.add(value)
    return Environment(variables, frozenset(secrets))


def _sources(container: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from container.get("envFrom") or []
    for entry in container.get("env") or []:
        yield entry.get("valueFrom") or {}


def _reference(source: Mapping[str, Any]) -> tuple[Reference, Mapping[str, Any]] | None:
    for key, kind in _KINDS.items():
        if key in source:
            return Reference(kind, source[key].get("name", "")), source[key]
    return None


def _whole(entry: Mapping[str, Any], sources: Sources) -> dict[str, str]:
    found = _reference(entry)
    if not found:
        return {}
    reference, written = found
    content = sources.get(reference)
    if content is None:
        if written.get("optional"):
            return {}
        raise UnresolvedError(f"{reference.kind} {reference.name}, which the environment needs, does not exist")
    prefix = entry.get("prefix", "")
    return {f"{prefix}{key}": value for key, value in content.items()}


def _value(entry: Mapping[str, Any], sources: Sources, earlier: Mapping[str, str]) -> str | None:
    source = entry.get("valueFrom")
    if not source:
        return _expand(entry.get("value") or "", earlier)
    found = _reference(source)
    if not found:
        raise UnresolvedError(f"variable {entry['name']}: {', '.join(source)} is more than this stand-in can resolve")
    reference, written = found
    content = sources.get(reference)
    if content is not None and written["key"] in content:
        return content[written["key"]]
    if written.get("optional"):
        return None
    missing = "does not exist" if content is None else f"has no key {written['key']}"
    raise UnresolvedError(f"variable {entry['name']}: {reference.kind} {reference.name} {missing}")


def _expand(text: str, earlier: Mapping[str, str]) -> str:
    """Replace `$(NAME)` by an earlier variable; `$$` is a plain `$`, and an unknown name stays as it is written."""

    def replaced(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        return earlier.get(match[1], match[0])

    return _EXPANSION.sub(replaced, text)
