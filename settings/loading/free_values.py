"""Free values of a file, which go to a chart as they are, read as `helm -f` reads them.

Settings of ours know YAML 1.2's two booleans alone, as the engine does. In a chart's values `off` is what the chart's
own documentation says it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import yaml

from settings.types.shape import Location
from settings.types.yaml_words import engine_words, helm_words
from settings.types.yaml_words.helm_words import NotJsonError
from settings.types.yaml_words.versions import written_otherwise

_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"
_DEEPEST = 100
_KINDS: dict[type, str] = {bool: "bool", int: "int", float: "float", str: "str", type(None): "null"}

IsFree = Callable[[Location], bool]
Read = Callable[[str], str | bool | int | float | None]


class Words(NamedTuple):
    """What an unquoted word is as a value, and as a key, to who reads the file."""

    meaning: Read
    key: Read


HELM = Words(helm_words.meaning, helm_words.key)
ENGINE = Words(engine_words.meaning, engine_words.key)


class _Lines(NamedTuple):
    """A file's lines, and how its words are read."""

    text: list[str]
    words: Words


class NotHelmError(Exception):
    """A value or a key that Helm itself refuses; `location` is where, `text` what it is."""

    def __init__(self, location: Location, text: str) -> None:
        super().__init__(text)
        self.location = location
        self.text = text


def read_words(root: yaml.MappingNode, text: str, is_free: IsFree, words: Words = HELM) -> None:
    """Change the scalars below free places of a file's `text` to what `words` say that they are. Raises NotHelmError.

    Raises RecursionError for what is deeper than settings are.
    """
    _walk(root, (), is_free, _Lines(text.splitlines(), words))


def _walk(node: yaml.Node, location: Location, is_free: IsFree, lines: _Lines) -> None:
    if len(location) > _DEEPEST:
        raise RecursionError
    if isinstance(node, yaml.SequenceNode):
        node.value = [_read(item, (*location, index), is_free, lines) for index, item in enumerate(node.value)]
    elif isinstance(node, yaml.MappingNode):
        node.value = [
            (name, _read(value, (*location, _text(name)), is_free, lines))
            if name.tag != _MERGE
            else (name, _merged(value, location, is_free, lines))
            for name, value in node.value
        ]


def _text(name: yaml.Node) -> str:
    """A key that is a list or a mapping is refused later, with all else that is wrong."""
    return name.value if isinstance(name, yaml.ScalarNode) else ""


def _merged(node: yaml.Node, location: Location, is_free: IsFree, lines: _Lines) -> yaml.Node:
    """What `<<` merges into the mapping at `location`: a mapping, or a list of them."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _walk(item, location, is_free, lines)
    else:
        _walk(node, location, is_free, lines)
    return node


def _read(node: yaml.Node, location: Location, is_free: IsFree, lines: _Lines) -> yaml.Node:
    if is_free(location):
        return _free(node, location, lines)
    _walk(node, location, is_free, lines)
    return node


def _free(node: yaml.Node, location: Location, lines: _Lines) -> yaml.Node:
    """A copy: by an alias a setting of ours may have the same node."""
    if len(location) > _DEEPEST:
        raise RecursionError
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, location, lines, lines.words.meaning)
    if isinstance(node, yaml.SequenceNode):
        items = [_free(item, (*location, index), lines) for index, item in enumerate(node.value)]
        return yaml.SequenceNode(node.tag, items, node.start_mark, node.end_mark)
    if not isinstance(node, yaml.MappingNode):
        return node
    pairs = [
        (name if name.tag == _MERGE else _key(name, location, lines), _free(value, (*location, name.value), lines))
        for name, value in node.value
    ]
    return yaml.MappingNode(node.tag, pairs, node.start_mark, node.end_mark)


def _key(node: yaml.Node, location: Location, lines: _Lines) -> yaml.Node:
    if not isinstance(node, yaml.ScalarNode):
        return node
    return _scalar(node, (*location, node.value), lines, lines.words.key)


def _scalar(
    node: yaml.ScalarNode,
    location: Location,
    lines: _Lines,
    read: Read,
) -> yaml.ScalarNode:
    if node.style or is_tagged(node, lines.text):  # libyaml says "" of a plain one
        return node
    try:
        found = read(node.value)
    except NotJsonError:
        raise NotHelmError(
            location, f"{node.value or '~'} cannot stand here: Helm knows no such value or key"
        ) from None
    name = next((each for each in reversed(location) if isinstance(each, str)), "")
    if read is helm_words.meaning and (written := written_otherwise(name, node.value, found)):
        fix = f"put it in quotes, like {name}: '{node.value}'"
        raise NotHelmError(location, f"{node.value} is no text to YAML, and the chart would write {written}; {fix}")
    value = ("true" if found else "false") if isinstance(found, bool) else "" if found is None else str(found)
    if isinstance(found, float):
        # PyYAML wants a point in a float: `1e+29` would be a text to it.
        mantissa, e, exponent = repr(found).partition("e")
        value = f"{mantissa if '.' in mantissa else mantissa + '.0'}{e}{exponent}"
    return yaml.ScalarNode(f"{_TAG}{_KINDS[type(found)]}", value, node.start_mark, node.end_mark)


def is_tagged(node: yaml.ScalarNode, lines: list[str]) -> bool:
    """Whether the file says itself of what kind it is, as `!!str on`."""
    mark = node.start_mark
    if mark is None or mark.line >= len(lines):
        return False
    written = lines[mark.line][mark.column :]
    if written.startswith("&"):
        written = written.partition(" ")[2].lstrip()
    return written.startswith("!")
