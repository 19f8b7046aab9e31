"""A release's values on their way into settings: what a setting takes is taken out, and the rest is looked through."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from settings.types.secrets.looks import secret_looks
from settings.types.secrets.names import is_secret_setting
from settings.types.secrets.values import is_reference
from settings.types.tree import below, children

# A shorter one, like a product's name, would be found in what is no secret.
_SHORTEST = 8


class Values:
    """The values of one release; `take` takes a part out, so that nothing is written twice or lost."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._tree: dict[str, Any] = copy.deepcopy(dict(values))

    def take(self, *path: str) -> Any:  # noqa: ANN401 - any value
        """What stands at a path, which is empty afterwards; None if nothing does."""
        chain: list[Any] = [self._tree]
        for each in path:
            inner = chain[-1].get(each) if isinstance(chain[-1], dict) else None
            chain.append(inner)
        found = chain.pop()
        for parent, name in zip(reversed(chain), reversed(path), strict=True):
            if not isinstance(parent, dict) or name not in parent or (parent[name] is not found and parent[name]):
                break
            del parent[name]
        return found

    def text(self, *path: str) -> str | None:
        """`take`, of a text or a number; anything else stays where it is."""
        found = self.take(*path)
        if found is None or isinstance(found, str):
            return found or None
        if isinstance(found, int | float) and not isinstance(found, bool):
            return str(found)
        self._put(path, found)
        return None

    def flag(self, *path: str) -> bool | None:
        """`take`, of a switch, also of one that --set-string left as a text; anything else stays where it is.

        A chart takes any text for on, so only `true` says what it means.
        """
        found = self.take(*path)
        found = True if found == "true" else found
        if found is None or isinstance(found, bool):
            return found
        self._put(path, found)
        return None

    def number(self, *path: str) -> int | None:
        """`take`, of a whole number, also one that is written as a text; anything else stays where it is."""
        found = self.take(*path)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        if isinstance(found, str) and found.isdecimal():
            return int(found)
        if found is not None:
            self._put(path, found)
        return None

    def copy(self) -> Values:
        """The same values, to try something on."""
        return Values(self._tree)

    def accept(self, other: Values) -> None:
        """Go on with what is left of a copy that something was tried on."""
        self._tree = other._tree

    def rest(self) -> dict[str, Any]:
        """The tree that is left, of the values that nobody took; no copy."""
        return self._tree

    def _put(self, path: Collection[str], value: object) -> None:
        *above, last = path
        found = self._tree
        for each in above:
            found = found.setdefault(each, {})
        found[last] = value


def secrets_in(values: object, name: str = "") -> Iterator[str]:
    """Every text in a release's values that stands under a secret's name, in variables too."""
    if isinstance(values, Mapping):
        variable, value = values.get("name"), values.get("value")
        if isinstance(variable, str) and isinstance(value, str) and is_secret_setting(variable):
            yield from (each for each in {value, value.strip().strip('"')} if _is_secret(each))
    if isinstance(values, str) and _is_secret(values) and is_secret_setting(name):
        yield values
    for key, _, each in children(values, ""):
        yield from secrets_in(each, key or name)


def without_secrets(tree: Any, secrets: Collection[str]) -> tuple[Any, list[str]]:  # noqa: ANN401 - any value
    """`tree` without what looks like a secret or holds one of `secrets`, and the keys of what went."""
    removed: list[str] = []
    return _without(tree, "", frozenset(secret_looks(tree, "")), secrets, removed), removed


def masked(text: str, secrets: Collection[str]) -> str:
    """`text` with every secret in it taken out."""
    for each in sorted(secrets, key=len, reverse=True):
        text = text.replace(each, "***")
    return text


def _without(tree: Any, key: str, looks: Collection[str], secrets: Collection[str], removed: list[str]) -> Any:  # noqa: ANN401 - any value
    if isinstance(tree, Mapping):
        if below(key, "value") in looks:
            removed.append(f"{key} ({tree.get('name')})")
            return None
        inner = {name: _without(each, below(key, str(name)), looks, secrets, removed) for name, each in tree.items()}
        return {name: each for name, each in inner.items() if each is not None or tree[name] is None}
    if isinstance(tree, list | tuple):
        items = [_without(each, f"{key}[{index}]", looks, secrets, removed) for index, each in enumerate(tree)]
        return [each for each, before in zip(items, tree, strict=True) if each is not None or before is None]
    if key in looks or (isinstance(tree, str) and any(each in tree for each in secrets)):
        removed.append(key)
        return None
    return tree


def is_long(text: str) -> bool:
    """Whether a secret is long enough to be looked for inside other texts."""
    return len(text) >= _SHORTEST


def _is_secret(text: str) -> bool:
    return is_long(text) and not is_reference(text)
