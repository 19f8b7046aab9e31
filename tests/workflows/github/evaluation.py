"""What an expression of GitHub's comes to, given its contexts.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.workflows.github.expressions import INSIDE, ExpressionError, Literal, Node, Read, inside, parse, whole

Function = Callable[..., Any]


def evaluate(node: Node, contexts: Mapping[str, Any], functions: Mapping[str, Function]) -> Any:
    """The value; what is not there is null, as on GitHub. Raises ExpressionError for an unknown context or function."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Read):
        if node.root not in contexts:
            raise ExpressionError(f"context {node.root!r} cannot be read here")
        value: Any = contexts[node.root]
        for part in node.parts:
            value = _entry(value, evaluate(part, contexts, functions))
        return value
    if node.name in ("&&", "||"):
        first = evaluate(node.arguments[0], contexts, functions)
        return evaluate(node.arguments[1], contexts, functions) if truth(first) is (node.name == "&&") else first
    arguments = [evaluate(argument, contexts, functions) for argument in node.arguments]
    known = {**_FUNCTIONS, **functions}
    if node.name not in known:
        raise ExpressionError(f"function {node.name!r} is not known")
    return known[node.name](*arguments)


def fill(text: str, value_of: Callable[[Node], Any]) -> Any:
    """A text with its expressions' values; one that is nothing else keeps the value's type."""
    only = whole(text)
    if only is not None:
        return value_of(parse(only))
    inside(text)
    return INSIDE.sub(lambda found: to_text(value_of(parse(found["inside"].strip()))), text)


def truth(value: Any) -> bool:
    """As `if:` takes it."""
    return not (value in (None, False, "", 0) or (isinstance(value, float) and math.isnan(value)))


def to_text(value: Any) -> str:
    """As it stands in a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (Mapping, list)):
        return "Object" if isinstance(value, Mapping) else "Array"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _entry(value: Any, key: Any) -> Any:
    if isinstance(value, Mapping):
        names = {str(name).lower(): name for name in value}
        return value.get(names.get(str(key).lower()))
    if isinstance(value, list) and isinstance(key, (int, float)) and 0 <= int(key) < len(value):
        return value[int(key)]
    return None


def _number(value: Any) -> float:
    if value is None or value == "":
        return 0.0
    try:
        return float(value) if isinstance(value, (bool, int, float, str)) else math.nan
    except ValueError:
        return math.nan


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if type(left) is type(right):
        return bool(left == right)
    return _number(left) == _number(right)


def _format(text: str, *values: Any) -> str:
    return re.sub(r"\{(\d+)\}", lambda found: to_text(values[int(found[1])]), text)


_FUNCTIONS: Mapping[str, Function] = {
    "!": lambda value: not truth(value),
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": lambda left, right: _number(left) < _number(right),
    "<=": lambda left, right: _number(left) <= _number(right),
    ">": lambda left, right: _number(left) > _number(right),
    ">=": lambda left, right: _number(left) >= _number(right),
    "format": _format,
    "fromJSON": json.loads,
    "toJSON": lambda value: json.dumps(value, indent=2),
    "contains": lambda where, what: (
        to_text(what).lower() in [to_text(each).lower() for each in where]
        if isinstance(where, list)
        else to_text(what).lower() in to_text(where).lower()
    ),
    "startsWith": lambda text, start: to_text(text).lower().startswith(to_text(start).lower()),
    "endsWith": lambda text, end: to_text(text).lower().endswith(to_text(end).lower()),
    "join": lambda values, between=",": between.join(map(to_text, values)),
}
