"""The server's variables on their way into settings: those that a setting takes, and the others as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from settings.types.hocon_reading import PREFIXES, value_of

_OWN = ("CLEARML_TENANTS_",)
# What settings say part by part may stand in one variable as an object, which the server lays over its own.
_BY_PARTS = (
    ("services", "auth", "default_groups"),
    ("services", "auth", "ui_features_per_role"),
    ("services", "organization", "features"),
)
_PART = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_EXPANDED = re.compile(r"\$\([A-Za-z_.-][\w.-]*\)")
_SUPERVISOR = ("secure", "credentials", "supervisor")


class Environment:
    """Variables as the server reads them: a path of lower-case words, and a HOCON value (contract 3.1)."""

    def __init__(self, variables: Sequence[Mapping[str, Any]]) -> None:
        listed = [each for each in variables if not str(each.get("name", "")).startswith(_OWN)]
        self._entries: dict[tuple[str, ...], Mapping[str, Any]] = {
            _path(str(part.get("name"))): part for each in listed for part in _parts(each)
        }

    def copy(self) -> Environment:
        """The same variables, to try something on."""
        return Environment([*self._entries.values()])

    def accept(self, other: Environment) -> None:
        """Go on with what is left of a copy that something was tried on."""
        self._entries = other._entries

    def take(self, *path: str, kind: type = str) -> Any:  # noqa: ANN401 - a value of that kind
        """The value of a variable, if it is of that kind; the variable is gone afterwards. None if there is none."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        text = entry.get("value")
        if isinstance(text, str) and _EXPANDED.search(text.replace("$$", "")):
            # The kubelet puts another variable there, which no setting lets it.
            return None
        found = _value(text) if isinstance(text, str) else text
        found = str(found) if kind is str and isinstance(found, int | float) and not isinstance(found, bool) else found
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            return None
        del self._entries[path]
        return found

    def take_flag(self, *path: str, on: bool) -> bool:
        """Whether a variable is a switch in this position; it is gone afterwards. One in the other position stays."""
        return self.copy().take(*path, kind=bool) is on and self.take(*path, kind=bool) is on

    def names(self, *path: str) -> list[str]:
        """Of the variables below a path, as they are written."""
        return [str(entry["name"]) for each, entry in self._entries.items() if each[: len(path)] == path]

    def below(self, *path: str) -> list[str]:
        """The words that come next after a path, each once and in order."""
        depth = len(path)
        return list(dict.fromkeys(each[depth] for each in self._entries if each[:depth] == path and len(each) > depth))

    def drop(self, *path: str) -> bool:
        """Take all variables at and below a path out; whether there were any."""
        found = [each for each in self._entries if each[: len(path)] == path]
        for each in found:
            del self._entries[each]
        return bool(found)

    def rest(self) -> list[dict[str, Any]]:
        """The variables that nobody took, as Kubernetes takes them."""
        return list(_entries(self._entries.values()))

    def supervisor(self) -> dict[str, Any]:
        """What the settings say of a supervisor; its key and secret are secrets of the stack, and left out."""
        email = self.take(*_SUPERVISOR, "email")
        groups = self.take(*_SUPERVISOR, "sec_groups", kind=list)
        company = self.take("services", "workers", "resource_usages", "supervisor_company")
        if not self.drop(*_SUPERVISOR) and not email:
            return {"enabled": False}
        said = {"email": email, "company": company, "groups": groups}
        return {name: value for name, value in said.items() if value} if email else {"enabled": False}


def _entries(entries: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a view of mappings
    for each in entries:
        value = each.get("value")
        text = value if value is None or isinstance(value, str) else str(value).lower()
        if text is not None:
            is_ours = str(each["name"]).upper().startswith(PREFIXES)
            yield {"name": str(each["name"]), "value": _as_json(text) if is_ours else text}
        elif each.get("valueFrom"):
            yield {"name": str(each["name"]), "valueFrom": each["valueFrom"]}
        else:
            yield {"name": str(each["name"]), "value": ""}


def _parts(variable: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A variable for each part of an object that settings say by parts; else the variable as it is."""
    name, text = str(variable.get("name")), variable.get("value")
    path = _path(name)
    found = _value(text) if isinstance(text, str) and any(path[: len(each)] == each for each in _BY_PARTS) else None
    if not isinstance(found, Mapping) or not found or not all(_PART.fullmatch(str(key)) for key in found):
        yield variable
        return
    for key, each in found.items():
        yield from _parts({"name": f"{name}__{key}", "value": json.dumps(each)})


def _as_json(text: str) -> str:
    """A list or an object as every reader takes it alike; any other text as it is."""
    found = _value(text) if not _EXPANDED.search(text.replace("$$", "")) else None
    if not isinstance(found, Mapping | list):
        return text
    try:
        json.loads(text)
    except ValueError:
        return json.dumps(found)
    return text


def _value(text: str) -> Any:  # noqa: ANN401 - any HOCON value
    try:
        return value_of(text)
    except ValueError:
        return None


def _path(name: str) -> tuple[str, ...]:
    """As the server reads the name; another variable has a path of its own."""
    prefix = next((each for each in PREFIXES if name.upper().startswith(each)), None)
    return tuple(name[len(prefix) :].lower().replace(".", "__").split("__")) if prefix else ("", name)
