"""Reads one YAML file as a mapping, with the mistakes that YAML itself lets pass turned into faults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from settings.errors import ConfigurationError
from settings.finding import Finding, Where
from settings.loading.free_values import HELM, IsFree, NotHelmError, Words, read_words
from settings.loading.messages import key_of
from settings.loading.yaml_limits import DEEPEST, disguise, misread, no_values, too_much
from settings.types.shape import Location

_TOO_DEEP = f"is nested over {DEEPEST} deep; write it flatter"
_BOOL = "tag:yaml.org,2002:bool"
# Kinds of YAML's that no setting is of, and that Helm, the engine and others read in ways of their own.
_UNUSED = frozenset(f"tag:yaml.org,2002:{each}" for each in ("binary", "set", "omap", "pairs", "timestamp"))
_DROPPED = frozenset({_BOOL, "tag:yaml.org,2002:timestamp"})


class _Loader(yaml.SafeLoader):
    """YAML as the engine's own reader sees it: `on`, `yes` and dates are texts, only `true` and `false` are not."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _DROPPED]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF"))

_FastLoader: type[yaml.CSafeLoader | _Loader] = _Loader
if hasattr(yaml, "CSafeLoader"):

    class _CLoader(yaml.CSafeLoader):
        """The same through libyaml, several times as fast; its own messages are not shown to anybody."""

    _CLoader.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers
    _FastLoader = _CLoader


class Content(dict[str, Any]):
    """A file's mapping, which knows how its values are written in the file."""

    def __init__(self, values: Mapping[str, Any], root: yaml.MappingNode) -> None:
        super().__init__(values)
        self._root = root

    def written(self, location: Location) -> str | None:
        """The text of the plain value at `location`, as it stands in the file; None if there is none."""
        node: yaml.Node | None = self._root
        for part in location:
            if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
            elif isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == part), None)
            else:
                return None
        return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def read_mapping(
    path: Path,
    file: str,
    tenant: str = "",
    *,
    is_free: IsFree = lambda _: False,
    words: Words = HELM,
    engine_too: bool = False,
) -> Content:
    """The mapping in the YAML file `path`, called `file` in messages. Raises ConfigurationError, a fault a mistake.

    `is_free` says of which places the values go to a chart, and so mean what they mean to Helm, or what `words` say.
    `engine_too`: the engine reads the file as well, and no setting may mean something else there.
    """
    text = _read_text(path, file, tenant)
    if said := disguise(text):
        raise ConfigurationError([Finding(Where(file, tenant, ""), said)])
    try:
        loader, node = _parsed(text)
        if node is None:
            raise ConfigurationError(
                [Finding(Where(file, tenant, ""), "is empty; see the files beside it, or remove it")]
            )
        if not isinstance(node, yaml.MappingNode):
            wrong = f"must hold `key: value` lines, not {_kind(node)} at the top"
            raise ConfigurationError([Finding(Where(file, tenant, ""), wrong)])
        # Without an anchor, what is read is what is written.
        if "&" in text and (said := too_much(node)):
            raise ConfigurationError([Finding(Where(file, tenant, ""), said)])
        repeated = [Finding(Where(file, tenant, key), said) for key, said in _repeated(node, "")]
        if repeated:
            raise ConfigurationError(repeated)
        if engine_too and (other := list(misread(node, text, is_free))):
            raise ConfigurationError([Finding(Where(file, tenant, _key(at)), said) for at, said in other])
        read_words(node, text, is_free, words)
        return Content(_content(loader, node, file, tenant), node)
    except yaml.YAMLError as cause:
        raise ConfigurationError([Finding(Where(file, tenant, ""), _one_line(cause))]) from None
    except NotHelmError as cause:
        raise ConfigurationError([Finding(Where(file, tenant, _key(cause.location)), cause.text)]) from None
    except RecursionError:
        raise ConfigurationError([Finding(Where(file, tenant, ""), _TOO_DEEP)]) from None


def _key(location: Location) -> str:
    """As all other messages name it: what the engine's own file has around our settings is left out."""
    return key_of(location[1:] if location[:1] == ("config",) else location)


def _content(loader: yaml.CSafeLoader | _Loader, node: yaml.Node, file: str, tenant: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = loader.construct_document(node)
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError):
        raise ConfigurationError(
            [Finding(Where(file, tenant, key), said) for key, said in no_values(node, "")]
        ) from None
    return content


def _parsed(text: str) -> tuple[yaml.CSafeLoader | _Loader, yaml.Node | None]:
    """The text's only node, and what makes values of it. What libyaml refuses, the other reader explains."""
    for reader in (_FastLoader, _Loader):
        loader = reader(text)
        try:
            return loader, loader.get_single_node()
        except yaml.YAMLError:
            if reader is _Loader:
                raise
    raise AssertionError("unreachable: the last reader returns or raises")


def _kind(node: yaml.Node) -> str:
    return "a list" if isinstance(node, yaml.SequenceNode) else "a single value"


def _read_text(path: Path, file: str, tenant: str) -> str:
    try:
        if path.exists() and not path.is_file():
            raise ConfigurationError([Finding(Where(file, tenant, ""), "is no file; move it elsewhere")])
        # Not as text: that would make a line's end of what shows none.
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as cause:
        fault = Finding(Where(file, tenant, ""), f"byte {cause.start + 1} is not UTF-8; save the file as UTF-8")
    except OSError as cause:
        fault = Finding(Where(file, tenant, ""), f"cannot be read: {cause.strerror}; mend that, or remove it")
    raise ConfigurationError([fault])


def _repeated(node: yaml.Node, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Keys written twice in one mapping, of which YAML would silently keep the last, and keys with what nobody sees.

    Path and message of each.

    Raises RecursionError for what is deeper than settings are.
    """
    if depth > DEEPEST:
        raise RecursionError
    if node.tag in _UNUSED:
        kind = node.tag.rpartition(":")[2]
        yield path, f"cannot be read as {kind}; put it in quotes if it is a text, else write another value"
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _repeated(item, f"{path}[{index}]", depth + 1)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name = str(key.value)
            here = f"{path}.{name}" if path else name
            if key.tag in _UNUSED:
                yield from _repeated(key, here, depth + 1)
            if not name.isprintable():
                yield here, "holds a character that nobody sees; write it without"
            line = key.start_mark.line + 1
            if name in seen:
                yield here, f"is written twice, in lines {seen[name]} and {line}; keep one"
            seen.setdefault(name, line)
            yield from _repeated(value, here, depth + 1)


def _one_line(cause: yaml.YAMLError) -> str:
    """What is wrong and where; no text of the file, which may hold a secret."""
    mark = getattr(cause, "problem_mark", None) or getattr(cause, "context_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    problem = " ".join(str(getattr(cause, "problem", None) or getattr(cause, "reason", "") or "is not YAML").split())
    if r"'\t'" in problem:
        return f"{where}a tab stands where spaces belong; indent with spaces"
    return f"{where}not YAML: {problem}; quote texts that hold : # or start with a special character"
