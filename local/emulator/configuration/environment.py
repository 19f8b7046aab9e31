"""From `CLEARML__…` variables to one tree of values, as the real server reads them (contract 3.1).

The variable's name without its prefix is the path: lower-cased, split at `__` (and at `.`). The value is parsed as
HOCON, so an unquoted `a@b.c` does not parse and an unquoted `abc#def` is `abc`. `ALLEGRO__…` and `TRAINS__…` come
first, then `CLEARML__…`, each in the order of the names; later entries win.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyhocon import ConfigFactory, ConfigTree
from pyhocon.config_tree import NoneValue
from pyhocon.exceptions import ConfigException
from pyparsing import ParseBaseException

Tree = dict[str, Any]

_PREFIXES = ("ALLEGRO__", "TRAINS__", "CLEARML__")
_SEPARATOR = "__"
_REPLACE = "-"
_PARSE_ERRORS = (ParseBaseException, ConfigException, ValueError, TypeError, AttributeError, LookupError, OSError)


class EnvironmentValueError(ValueError):
    """A variable's value is not HOCON; one line naming the variable and never its value."""


def read_environment(environment: Mapping[str, str]) -> Tree:
    """The tree of all prefixed variables. Raises EnvironmentValueError: the real server does not start either."""
    tree: Tree = {}
    for prefix in _PREFIXES:
        for name in sorted(name for name in environment if name.startswith(prefix)):
            path = name.removeprefix(prefix).replace(_SEPARATOR, ".").lower()
            merge(tree, _parse(name, path, environment[name]))
    return tree


def merge(base: Tree, extra: Tree) -> None:
    """Lay `extra` over `base`: trees are merged; everything else is replaced, and trees whose key starts with `-`."""
    for key, value in extra.items():
        name = key.removeprefix(_REPLACE)
        if name == key and isinstance(value, dict) and isinstance(base.get(name), dict):
            merge(base[name], value)
        else:
            base[name] = value


def _parse(name: str, path: str, value: str) -> Tree:
    try:
        parsed = ConfigFactory.parse_string(f"{path}: {value}")
    except _PARSE_ERRORS as error:
        raise EnvironmentValueError(
            f'{name}: its value is not HOCON ({type(error).__name__}): a free string needs its own "…" in the value'
        ) from None
    if not isinstance(parsed, ConfigTree):
        raise EnvironmentValueError(f"{name}: its value is not HOCON (a list in place of a key)")
    return {key: _plain(each) for key, each in parsed.as_plain_ordered_dict().items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any HOCON value
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, NoneValue) else value
