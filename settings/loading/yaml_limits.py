"""What YAML lets a file be and no settings file is: endless, larger than it looks, of values that are none, or with
lines that nobody sees. And what the engine reads otherwise than we do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from settings.loading.free_values import IsFree, is_tagged
from settings.types.shape import Location
from settings.types.yaml_words import engine_words
from settings.types.yaml_words.helm_words import NotJsonError

DEEPEST = 100
_MOST = 100_000
# YAML ends a line there, and what shows a difference to a reviewer does not.
_UNSEEN_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
# They have a line read in another order than it stands in.
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")


def disguise(text: str) -> str:
    """What is wrong with a text that is not what a reviewer sees of it; empty if nothing is."""
    if found := _UNSEEN_BREAK.search(text):
        what = "ends a line where nobody sees it, and what follows may be read as a key"
    elif found := _TURNED.search(text):
        what = "shows what stands there in another order"
    else:
        return ""
    line = text.count("\n", 0, found.start()) + 1
    return f"line {line}: a character (U+{ord(found[0]):04X}) {what}; take it out"


def too_much(node: yaml.Node) -> str:
    """What is wrong with a file whose aliases are written out; empty if nothing is. Each node is looked at once."""
    sizes: dict[int, int] = {}
    around: set[int] = set()

    def size(each: yaml.Node) -> int:
        if id(each) in around:
            raise _EndlessError
        if id(each) not in sizes:
            around.add(id(each))
            sizes[id(each)] = 1 + sum(map(size, _children(each)))
            around.discard(id(each))
        return sizes[id(each)]

    try:
        whole = size(node)
    except (_EndlessError, RecursionError):
        return "an alias (*name) leads back to what it stands in; write its values out"
    return f"holds over {_MOST} values once its aliases (*name) are written out; remove some" if whole > _MOST else ""


class _EndlessError(Exception):
    """A node is its own part."""


def no_values(node: yaml.Node, path: str) -> Iterator[tuple[str, str]]:
    """Path and message of each scalar that is not of the kind that its tag or its look says, as `!!int x`."""
    if isinstance(node, yaml.ScalarNode):
        try:
            yaml.SafeLoader("").construct_object(node)
        except (ValueError, KeyError, AttributeError, TypeError, OverflowError):
            kind = node.tag.rpartition(":")[2]
            yield path, f"cannot be read as {kind}; put it in quotes if it is a text, else write another value"
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from no_values(item, f"{path}[{index}]")
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = f"{path}.{key.value}" if path else str(key.value)
            yield from no_values(key, here)
            yield from no_values(value, here)


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair


def misread(node: yaml.Node, text: str, is_free: IsFree) -> Iterator[tuple[Location, str]]:
    """Place and message of each word in the `text` of a stack's file that the engine takes for something else.

    Of free values that are dates alone: for all else it is known what the engine makes of them.
    """
    yield from _misread(node, (), text.splitlines(), is_free, False)


def _misread(
    node: yaml.Node, location: Location, lines: list[str], is_free: IsFree, free: bool
) -> Iterator[tuple[Location, str]]:
    free = free or is_free(location)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _misread(item, (*location, index), lines, is_free, free)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _misread(name, (*location, str(name.value)), lines, lambda _: False, free)
            yield from _misread(value, (*location, str(name.value)), lines, is_free, free)
    elif isinstance(node, yaml.ScalarNode) and (what := _other_kind(node, lines, free)):
        yield location, f"is {what} to the engine, which reads this file too; put it in quotes if it is a text"


def _other_kind(node: yaml.ScalarNode, lines: list[str], free: bool) -> str:
    """What the engine makes of a word that we read otherwise; empty if it is the same."""
    if node.style or is_tagged(node, lines):
        return ""
    if engine_words.is_date(node.value):
        return "a date"
    try:
        found = engine_words.meaning(node.value)
    except NotJsonError:
        return ""
    ours = node.tag.rpartition(":")[2]
    if free or ours not in ("str", "int") or isinstance(found, bool) or found is None:
        return ""
    if ours == "str":
        return "" if isinstance(found, str) else "a number"
    return "a text" if isinstance(found, str) else ""
