"""Turns what pydantic found wrong into one line a person can act on: key as written, what is wrong, how to write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from settings.types.secrets.commands import set_command
from settings.types.secrets.url_login import holds_login, quoted
from settings.types.shape import Location, field_at, keys_of, model_at, places_of

_EXPECTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
# Characters of a value that are shown where its kind alone is wrong.
_SHOWN = 40
_CONTAINERS = frozenset(kind for kind, said in _EXPECTED.items() if said in {"a list", "a mapping"})
_BOUNDS = frozenset({"greater_than", "greater_than_equal", "less_than", "less_than_equal"})
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "a mapping"),
)


# What the agents' chart calls its part with the agent, and what stands beside it there.
_AGENT = "agentk8sglue"
_BESIDE_AGENT = frozenset({_AGENT, "clearml", "imageCredentials", "bootstrap", "customCertificates", "global"})
# Settings that stand under the chart's own names, with what else it has there.
_CHART_PARTS = frozenset(
    {"apiserver", "webserver", "fileserver", "mongodb", "redis", "usageAggregator", "usageScripts"}
)
# Keys that so much has that nobody can tell which one was meant.
_SAID_OF_MUCH = frozenset({"name", "enabled", "version", "host", "key", "keys", "id"})
# Of a pod: whoever writes one beside an agent's keys may mean its own pod, or those of its tasks.
_OF_PODS = frozenset(
    {
        *("affinity", "annotations", "image", "initContainers", "labels", "nodeSelector", "priorityClassName"),
        *("resources", "runtimeClassName", "schedulerName", "tolerations", "volumeMounts", "volumes"),
    }
)
Written = Callable[[Location], str | None]


def faults_of(
    error: ValidationError, model: type[BaseModel], written: Written = lambda _: None, tenant: str = ""
) -> Iterator[tuple[Location, str]]:
    """Location and message of everything `error` holds about `model`; values are shown only where a type says so.

    `written` is how a value stands in the file: `0123` is the number 83 to YAML, and nobody would know it again.
    `tenant` is whose file it is, empty for a stack's.
    """
    details = error.errors(include_url=False)
    misspelt = {_meant(detail["loc"], model) for detail in details if detail["type"] == "extra_forbidden"}
    for detail in details:
        if detail["type"] == "missing" and detail["loc"] in misspelt:
            continue  # it is there, under the other name
        if detail["type"] == "too_short" and any(detail["loc"] == other["loc"][:-1] for other in details):
            continue  # it holds something, which is wrong and was not counted
        if detail["type"] == "set_elsewhere":
            command = set_command(detail["ctx"]["key"], tenant or str(detail["loc"][-2]))
            yield detail["loc"], f"{detail['msg']}; set it with: {command}"
            continue
        yield detail["loc"], _message(detail, model, written)


def key_of(location: Location) -> str:
    """`signIn.domains[0]`; a mapping's own bad key is shown as the key, unless it is an address with a login in it."""
    told = [quoted(part) if isinstance(part, str) and holds_login(part) else part for part in location]
    parts = [part for part in told if part != "[key]"]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _message(detail: ErrorDetails, model: type[BaseModel], written: Written) -> str:
    kind, location, context = detail["type"], detail["loc"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return _unknown(location, model)
    if kind == "literal_error":
        return f"must be {context['expected']}, not {_quoted(detail['input'])}"
    if kind == "invalid_key":
        return "is not a key here: keys are texts; put it in quotes if it is one"
    return _about_field(detail, field_at(model, location), written)


def _about_field(detail: ErrorDetails, field: FieldInfo | None, written: Written) -> str:
    kind = detail["type"]
    if kind == "missing":
        return f"is missing; {_example(field)}"
    if kind == "too_short":
        return f"is empty; {_example(field)}"
    if kind in _EXPECTED:
        value = detail["input"]
        quotes = "put it in quotes if it is a text, or " if kind == "string_type" and _is_scalar(value) else ""
        found = _found(value, kind, field, written(detail["loc"]))
        return f"must be {_EXPECTED[kind]}, not {found}; {quotes}{_example(field)}"
    wrong = detail["msg"].replace("Input should be", "must be")
    return f"{wrong}, not {detail['input']}; {_example(field)}" if kind in _BOUNDS else wrong


def _unknown(location: Location, model: type[BaseModel]) -> str:
    parent = model_at(model, location[:-1])
    if parent and location[-1] == "system" and "assignable" in keys_of(parent):
        return "is not a key here: it is always false of such a group, and this program writes it; take it out"
    way = _of_chart(location, model)
    if way and location[-1] in _OF_PODS:
        if parent and "queues" in keys_of(parent):
            tasks = f"basePodTemplate: {{{location[-1]}: …}}"
            return f"is not a key here; for pods of tasks write {tasks}, for the agent's own pod {way}"
        return f"is not a key here; a value of the chart goes into {way}"
    if other := _elsewhere(location, model):
        return f"is not a key here; write it as {other}"
    meant = _meant(location, model)
    if meant:
        return f"is not a key here; did you mean {meant[-1]}?"
    known = f"known: {', '.join(sorted(keys_of(parent))) if parent else 'none'}"
    return f"is not a key here; {known}; a value of the chart goes into {way}" if way else f"is not a key here; {known}"


def _elsewhere(location: Location, model: type[BaseModel]) -> str:
    """Where a key of that very name is: below this place, or above it; empty if nowhere, or in several places."""
    key = str(location[-1])
    if key in _SAID_OF_MUCH:
        return ""
    parent = model_at(model, location[:-1])
    below = places_of(parent, key) if parent else []
    if len(below) == 1:
        inner = below[0]
        return ": {".join(map(str, inner)) + ": …" + "}" * (len(inner) - 1)
    for length in range(len(location) - 2, -1, -1):
        above = model_at(model, location[:length])
        if above and key in keys_of(above):
            return f"{key_of((*location[:length], key))}, outside of {location[length]}"
    return ""


def _of_chart(location: Location, model: type[BaseModel]) -> str:
    """How the key at `location` is written as a value of the chart; empty where there is no chart, or a login in it."""
    if holds_login(str(location[-1])):
        return ""
    for length in range(len(location) - 1, 0, -1):
        holder = model_at(model, location[:length])
        if holder and "extraValues" in keys_of(holder):
            path = [str(part) for part in location[length:]]
            if len(path) > 1 and path[0] not in _CHART_PARTS:
                return ""
            below = [_AGENT] if "queues" in keys_of(holder) and path[0] not in _BESIDE_AGENT else []
            place, *inner = [*below, *path]
            return f"extraValues: {{{place}: " + "".join(f"{{{each}: " for each in inner) + "…}" + "}" * len(inner)
    return ""


def _meant(location: Location, model: type[BaseModel]) -> Location:
    """Where the unknown key's value was probably meant to stand; nowhere if no key is like it."""
    parent = model_at(model, location[:-1])
    by_folded = {key.lower(): key for key in keys_of(parent)} if parent else {}
    near = get_close_matches(str(location[-1]).lower(), by_folded, n=1)
    return (*location[:-1], by_folded[near[0]]) if near else ()


def _example(field: FieldInfo | None) -> str:
    if field is None or not field.examples:
        return "write it as the files beside it do"
    return f"write it like {field.alias}: {field.examples[0]}"


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "something else")


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _found(value: object, error: str, field: FieldInfo | None, written: str | None) -> str:
    """What stands there: its kind, and the value itself where only one that is no secret can have been meant.

    In place of a list or a mapping it may be anything; a field with `repr=False` may hold a secret.
    """
    if error in _CONTAINERS or field is None or not field.repr or not _is_scalar(value):
        return _kind(value)
    if written is not None and not isinstance(value, str):
        shown = written
    else:
        shown = str(value).lower() if isinstance(value, bool) else _quoted(value)
    return f"{_kind(value)} ({shown if len(shown) <= _SHOWN else f'{shown[:_SHOWN]}…'})"


def _quoted(value: object) -> str:
    return quoted(value) if isinstance(value, str) else repr(value)
