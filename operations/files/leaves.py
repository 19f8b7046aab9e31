"""One YAML file as its values in their order, each with the key that leads to it, and with secrets out of sight. Pure.

It reads what may be wrong, or hostile: the check of the settings comes elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from settings.types.naming import PROJECT
from settings.types.secrets.looks import secret_looks
from settings.types.secrets.names import is_secret_setting
from settings.types.tree import below

# More than any file of ours has; one that refers to itself, or many times to one place, ends here.
_MOST_VALUES, _DEEPEST = 20_000, 60
# The keys of the stack's file that hold no secret; whatever else it has under our prefix is taken for one.
_PLAIN_KEYS = frozenset({"apiUrl", "apiWaitSeconds", "apiCaFile", "apiCallsPerSecond", "stack"})
# Not secret, but long, and says nothing to a reader.
_OPAQUE = frozenset({"encryptionsalt", "encryptedkey"})
_ENCRYPTED = "secure"
_SIMPLE_KEY = re.compile(r"[\w:/@-]+")
_BOOL, _NULL, _TEXT = (f"tag:yaml.org,2002:{kind}" for kind in ("bool", "null", "str"))
_CONTAINERS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
# A word, which may mean something by itself.
_ALONE = re.compile(r"[\w~.]+")
# Without quotes, a number or a switch to one reader of YAML (Helm, the engine) and a text to another.
_DOUBTFUL = re.compile(r"[-+.0-9].*|[yYnN]|[oO][nN]|[oO][fF]{2}|[nN][oO]|[yY][eE][sS]", re.DOTALL)


class UnreadableError(Exception):
    """The text is no YAML that can be compared key by key; the message says why, and quotes nothing of it."""


@dataclass(frozen=True)
class Leaf:
    """A value: `location` is unambiguous, `key` is for people, `compared` is what it means, `display` hides a secret.

    `hidden` is how a secret is stored: empty for what may be read, else `encrypted` or `not shown`.
    """

    location: tuple[str, ...]
    key: str
    compared: tuple[str, ...]
    display: str
    hidden: str = ""


def leaves_of(text: str) -> list[Leaf]:
    """Every value, in the file's order; an empty mapping or list is one, and so is a list of plain values.

    Raises UnreadableError.
    """
    try:
        # With tabs the two readers do not agree on what is YAML: the stricter one decides.
        fast = hasattr(yaml, "CSafeLoader") and "\t" not in text
        root = yaml.compose(text, Loader=yaml.CSafeLoader if fast else yaml.SafeLoader)
        if root is None:
            return []
        plain = _plain(root, [_MOST_VALUES], 0)
        secrets = frozenset(secret_looks(plain, ""))
        return list(_leaves(root, (), "", "", secrets))
    except yaml.YAMLError:
        raise UnreadableError("is not YAML") from None
    except RecursionError:
        raise UnreadableError("is nested too deep, or holds too much") from None


def _plain(node: yaml.Node, left: list[int], depth: int) -> object:
    """The content as texts; it bounds what is walked. Raises RecursionError."""
    left[0] -= 1
    if left[0] < 0 or depth > _DEEPEST:
        raise RecursionError
    if not isinstance(node, yaml.ScalarNode) and node.tag not in _CONTAINERS:
        raise UnreadableError("has a type of its own, written with !")
    if isinstance(node, yaml.MappingNode):
        return {_name(key): _plain(value, left, depth + 1) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, left, depth + 1) for each in node.value]
    return str(node.value)


def _leaves(
    node: yaml.Node, location: tuple[str, ...], key: str, place: str, secrets: frozenset[str]
) -> Iterator[Leaf]:
    """`place` is the key as `secret_looks` writes it."""
    if isinstance(node, yaml.MappingNode) and node.value:
        for name, value in node.value:
            text = _name(name)
            part = text if _SIMPLE_KEY.fullmatch(text) else _quoted(text)
            # The type is part of it: the key 1 is not the key '1'.
            at = (*location, f"{name.tag} {text}")
            yield from _leaves(value, at, below(key, part), below(place, text), secrets)
    elif isinstance(node, yaml.SequenceNode) and node.value and not _is_plain_list(node):
        for index, (label, value) in enumerate(zip(_labels(node), node.value, strict=True)):
            yield from _leaves(value, (*location, f"[{label}]"), f"{key}[{label}]", f"{place}[{index}]", secrets)
    else:
        yield _leaf(node, location, key, place, secrets)


def _leaf(node: yaml.Node, location: tuple[str, ...], key: str, place: str, secrets: frozenset[str]) -> Leaf:
    if location and location[-1].endswith(f" {_ENCRYPTED}"):
        return Leaf(location, key.removesuffix(f".{_ENCRYPTED}"), _compared(node), "", "encrypted")
    names = [part.partition(" ")[2] or part[1:-1] for part in location]
    ours = names[1].removeprefix(f"{PROJECT}:") if len(names) > 1 and names[0] == "config" else ""
    is_ours = len(names) > 1 and names[1].startswith(f"{PROJECT}:")
    unknown = is_ours and ours not in _PLAIN_KEYS
    # Whatever is below a secret's name, in whatever shape; `valueFrom` and the like only say where one is.
    named = any(is_secret_setting(name) for name in names)
    looks_secret = named or any(place == each or each.startswith(f"{place}[") for each in secrets)
    if unknown or looks_secret or (names and names[0] in _OPAQUE):
        return Leaf(location, key, _compared(node), "", "not shown")
    return Leaf(location, key, _compared(node), _display(node))


def _is_plain_list(node: yaml.SequenceNode) -> bool:
    return all(isinstance(each, yaml.ScalarNode) for each in node.value)


def _labels(node: yaml.SequenceNode) -> Sequence[str]:
    """By what an item is told from its neighbours: its name, as a variable has one, else its number."""
    names = [_own_name(each) for each in node.value]
    unique = len(set(names)) == len(names) and all(names)
    return [str(name) for name in names] if unique else [str(index) for index in range(len(names))]


def _own_name(node: yaml.Node) -> str:
    if not isinstance(node, yaml.MappingNode):
        return ""
    named = [value.value for key, value in node.value if key.value == "name" and isinstance(value, yaml.ScalarNode)]
    return str(named[0]) if len(named) == 1 and _SIMPLE_KEY.fullmatch(str(named[0])) else ""


def _name(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise UnreadableError("has a key that is no plain value")
    return str(node.value)


def _compared(node: yaml.Node) -> tuple[str, ...]:
    """Type and text, so that neither quotes nor a block's style make a difference, but 1 is not '1'."""
    if isinstance(node, yaml.SequenceNode):
        return ("[]", *(part for each in node.value for part in _compared(each)))
    if not isinstance(node, yaml.ScalarNode):
        return ("{}",)
    if node.tag == _NULL:
        return (_NULL, "null")
    if node.tag == _BOOL and node.value.lower() in ("true", "false"):
        return (_BOOL, node.value.lower())
    return (f"{node.tag} unquoted" if _is_doubtful(node) else node.tag, node.value)


def _display(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return f"[{', '.join(_display(each) for each in node.value)}]"
    if not isinstance(node, yaml.ScalarNode):
        return "{}"
    is_text = node.tag == _TEXT and not _is_doubtful(node)
    # As YAML would have it, so that a text of digits is told from a number.
    return _quoted(node.value) if is_text and _looks_otherwise(node.value) else str(node.value)


def _is_doubtful(node: yaml.ScalarNode) -> bool:
    return node.tag == _TEXT and not node.style and bool(_DOUBTFUL.fullmatch(node.value))


def _looks_otherwise(text: str) -> bool:
    """Whether a text would be something else, or nothing that a person sees, without quotes."""
    if not text or text != text.strip() or not text.isprintable() or _DOUBTFUL.fullmatch(text):
        return True
    plain = yaml.compose(f"- {text}", Loader=yaml.SafeLoader) if _ALONE.fullmatch(text) else None
    return plain is not None and plain.value[0].tag != _TEXT


def _quoted(text: str) -> str:
    return f"'{text}'" if text.isprintable() else repr(text)
