"""Lays the stack's and the tenants' free values over ours, last, and refuses what would replace something of ours.

Pure. Helm itself would let the later value win without a word, and replace a list wholly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pulumi

from components.values.environment import EnvironmentVariable
from components.values.free.origins import setting_of_value, setting_of_variable
from settings.models.extra import ExtraVariable

_PREFIXES = ("clearml__", "trains__", "allegro__")
_OURS = "is set by this program from its own settings; change %s, and take it out here"
_ROLL = "is set by this program, which restarts pods by it when something of theirs changes; take it out here"
_PULL = (
    "is set by this program from imageToken and the logins under secrets; declare another there, and take it out here"
)
_KEY = "is set by this program, which makes the tenant's own key; take it out here, and raise keyGeneration for another"
_FROM_URLS = "is set by this program; take it out here, and write serverUrls: {%s: …} in this file or the stack's"
_ROLLING = "CLEARML_TENANTS_"
# What has no setting of its own, by its place in the chart's values.
_WITHOUT_SETTING = {
    "agentk8sglue.serviceAccountClusterAccess": (
        "is set by this program; take it out here, and if this tenant has its cluster alone write clusterAccess: true "
        "in the agent's place"
    ),
    "clearml.existingAgentk8sglueSecret": _KEY,
    "clearml.apiKey": _KEY,
    "clearml.apiSecret": _KEY,
    "imageCredentials.existingImagePullSecrets": _PULL,
    "imageCredentials.extraImagePullSecrets": _PULL,
    "clearml.apiServerUrlReference": _FROM_URLS % "api",
    "agentk8sglue.apiServerUrlReference": _FROM_URLS % "api",
    "agentk8sglue.webServerUrlReference": _FROM_URLS % "app",
    "agentk8sglue.fileServerUrlReference": _FROM_URLS % "files",
}


class ClashError(pulumi.RunError):
    """What is extra and ours too: `clashes` holds a key below the settings' own place, and one line, of each."""

    def __init__(self, clashes: Sequence[tuple[str, str]]) -> None:
        self.clashes = tuple(clashes)
        super().__init__("\n".join(f"{key}: {text}" for key, text in clashes))


class ExtraList(NamedTuple):
    """`variables` of the chart's `part`, which the settings hold at `key` below their own place.

    `by_chart` are names that the chart sets itself, because of another value of ours.
    """

    part: str
    key: str
    variables: Sequence[ExtraVariable]
    by_chart: Sequence[str] = ()


def with_extra(ours: Mapping[str, Any], values: Mapping[str, Any], *lists: ExtraList) -> dict[str, Any]:
    """`ours` with `values` beside it, mappings merged, and each list after that part's own `extraEnvs`.

    Raises ClashError with every leaf, list and variable that is set by both, or twice.
    """
    listed = {entry.part: entry for entry in lists}
    clashes = [
        *_leaf_clashes(ours, values, "extraValues", {f"{part}.extraEnvs": entry.key for part, entry in listed.items()}),
        *(clash for entry in lists for clash in _variable_clashes(_variables(ours, entry.part), entry)),
    ]
    if clashes:
        raise ClashError(clashes)
    added = {
        part: {"extraEnvs": [*_variables(ours, part), *(variable.entry() for variable in entry.variables)]}
        for part, entry in listed.items()
        if entry.variables
    }
    return _merged(_merged(ours, added), values)


def _variables(ours: Mapping[str, Any], part: str) -> list[EnvironmentVariable]:
    found: list[EnvironmentVariable] = ours.get(part, {}).get("extraEnvs", [])
    return found


def _leaf_clashes(
    ours: Mapping[str, Any], extra: Mapping[str, Any], above: str, lists: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for key, value in extra.items():
        path = f"{above}.{key}"
        elsewhere = lists.get(path.removeprefix("extraValues."))
        if elsewhere:
            yield path, f"would replace this program's own list; write the variables in {elsewhere}"
        elif key in ours and isinstance(ours[key], Mapping) and isinstance(value, Mapping):
            yield from _leaf_clashes(ours[key], value, path, lists)
        elif key in ours:
            yield path, _of_value(path.removeprefix("extraValues."))


def _of_value(place: str) -> str:
    return _WITHOUT_SETTING.get(place, _OURS % (setting_of_value(place) or "those"))


def _of_variable(path: tuple[str, ...]) -> str:
    return _OURS % (setting_of_variable(path) or "those")


def _merged(ours: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(ours[key], value) if isinstance(value, Mapping) and key in ours else value
        for key, value in extra.items()
    }
    return {**ours, **both}


def _variable_clashes(ours: Sequence[EnvironmentVariable], extra: ExtraList) -> Iterator[tuple[str, str]]:
    names = [*(entry["name"] for entry in ours), *extra.by_chart]
    taken = {_path(name): _ROLL if name.startswith(_ROLLING) else _of_variable(_path(name)) for name in names}
    for index, variable in enumerate(extra.variables):
        path = _path(variable.name)
        found = next((text for other, text in taken.items() if _overlap(path, other)), None)
        if found:
            yield f"{extra.key}[{index}].name", f"{variable.name!r} {found}"
        taken[path] = "is given twice; keep one"


def _path(name: str) -> tuple[str, ...]:
    """What the server reads a variable as (contract 3.1): the path is lower-cased, `.` separates as `__` does."""
    folded = name.lower()
    prefix = next((prefix for prefix in _PREFIXES if folded.startswith(prefix)), None)
    return tuple(folded.removeprefix(prefix).replace(".", "__").split("__")) if prefix else ("", name)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """The same variable, or one whose object holds the other."""
    return all(a == b for a, b in zip(one, other, strict=False))
