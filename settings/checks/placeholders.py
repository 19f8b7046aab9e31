"""Finds what is still to be written in a file that is sound otherwise: each placeholder, and how to replace it.

A warning for whoever checks the files. Nothing is deployed with one: `Environment.require_values`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from pydantic import BaseModel

from settings.check_registry import check
from settings.facts import Facts, stack_file_of
from settings.finding import WARNING, Finding, Where
from settings.models.stack_file import PROJECT, StackFile
from settings.models.tenant import TenantFile
from settings.types.secrets.commands import set_command
from settings.types.secrets.placeholder import is_ciphertext, is_placeholder
from settings.types.shape import Location, field_at, is_free

_OURS = f"{PROJECT}:"


@dataclass(frozen=True)
class _Place:
    """A text of the file; `is_secret`: it is what the engine has to decrypt; `is_free`: it goes to a chart."""

    location: Location
    text: str
    is_free: bool
    is_secret: bool

    @property
    def is_placeholder(self) -> bool:
        if self.is_secret:
            return not is_ciphertext(self.text)
        return is_placeholder(self.text, is_free=self.is_free)

    @property
    def key(self) -> str:
        """As written: `signIn.domains[0]`."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.location).lstrip(".")


@check("no placeholder stands where a value is still to be written")
def check_placeholders(facts: Facts) -> Iterator[Finding]:
    """Those that were met when the files were read."""
    yield from facts.placeholders


def of_stack(stack: str, content: Mapping[str, object]) -> Iterator[Finding]:
    """Those of the stack's file, the engine's own keys and other projects' among them."""
    file = stack_file_of(stack)
    for place in _places(content, (), _is_free_of_stack):
        if place.is_placeholder:
            ours = place.location[1:] if place.location[0] == "config" else place.location
            key = place.key.removeprefix("config.")
            text = _secret(ours) if place.is_secret else _setting(StackFile, _within_project(ours))
            yield Finding(Where(file, "", key), text, WARNING)


def of_tenant(file: str, tenant: str, content: Mapping[str, object]) -> Iterator[Finding]:
    """Those of the tenant's file; it holds no secret."""
    for place in _places(content, (), partial(is_free, TenantFile)):
        if not place.is_secret and place.is_placeholder:
            yield Finding(Where(file, tenant, place.key), _setting(TenantFile, place.location), WARNING)


def _places(
    value: object, location: Location, free: Callable[[Location], bool], *, within: bool = False
) -> Iterator[_Place]:
    within = within or free(location)
    if isinstance(value, str):
        yield _Place(location, value, within, is_secret=False)
    elif isinstance(value, Mapping):
        if not within and list(value) == ["secure"] and isinstance(value["secure"], str):
            yield _Place(location, value["secure"], is_free=False, is_secret=True)
            return
        for key, each in value.items():
            yield from _places(each, (*location, str(key)), free, within=within)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _places(each, (*location, number), free, within=within)


def _is_free_of_stack(location: Location) -> bool:
    ours = _within_project(location[1:])
    return bool(ours) and is_free(StackFile, ours)


def _within_project(location: Location) -> Location:
    """Without the project's prefix; nothing for a key that is not this project's."""
    first, *rest = location or ("",)
    return (str(first).removeprefix(_OURS), *rest) if str(first).startswith(_OURS) else ()


def _secret(location: Location) -> str:
    ours = _within_project(location)
    first, *rest = map(str, ours or location)
    command = set_command(first, *rest) if rest else f"pulumi config set --secret {first}"
    return f"is a placeholder and no encrypted secret (the engine says: bad value); set it with: {command}"


def _setting(model: type[BaseModel], location: Location) -> str:
    field = field_at(model, location)
    how = f", like {field.alias}: {field.examples[0]}" if field and field.examples else ""
    return f"is a placeholder; write your own value{how}"
