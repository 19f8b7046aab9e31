"""Pure: which values of a release are told to the state as secrets, and which of them become the stack's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from operations.adoption.translation.server import SECRETS
from operations.adoption.translation.values import is_long, secrets_in
from rendering.unknown import at
from settings.types.secrets.looks import secret_looks

_SUPERVISOR = "CLEARML__secure__credentials__supervisor__user_"


def with_secrets(values: Mapping[str, Any], hide: Callable[[object], Any]) -> Any:  # noqa: ANN401 - the same tree
    """`values` with each secret in it hidden: by its key, by its looks, or since it holds one that is known."""
    own = stack_secrets(values).values()
    texts = frozenset([*secrets_in(values), *filter(is_long, own)])
    looks = frozenset(secret_looks(values, ""))
    known = frozenset(path for path in SECRETS if at(values, *path) is not None)
    return _hidden(values, "", (), (looks, texts, known), hide)


def stack_secrets(values: Mapping[str, Any]) -> dict[str, str]:
    """The secrets of a server's release by the stack's keys; an object is written as JSON."""
    found = {key: at(values, *path) for path, key in SECRETS.items()}
    found |= dict(_supervisor(values))
    return {key: each if isinstance(each, str) else json.dumps(each) for key, each in found.items() if each}


def _supervisor(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    listed = at(values, "apiserver", "extraEnvs")
    for each in listed if isinstance(listed, list | tuple) else ():
        name, value = str(each.get("name")), each.get("value")
        if name.startswith(_SUPERVISOR) and isinstance(value, str):
            yield f"supervisor{name.removeprefix(_SUPERVISOR).capitalize()}", value.strip('"')


_Known = tuple[frozenset[str], frozenset[str], frozenset[tuple[str, ...]]]


def _hidden(tree: Any, key: str, path: tuple[str, ...], known: _Known, hide: Callable[[object], Any]) -> Any:  # noqa: ANN401 - any value
    looks, texts, paths = known
    if path in paths or key in looks:
        return hide(tree)
    if isinstance(tree, Mapping):
        return {name: _hidden(each, f"{key}.{name}", (*path, str(name)), known, hide) for name, each in tree.items()}
    if isinstance(tree, list | tuple):
        return [_hidden(each, f"{key}[{n}]", (*path, str(n)), known, hide) for n, each in enumerate(tree)]
    if isinstance(tree, str) and any(each in tree for each in texts):
        return hide(tree)
    return tree
