"""GitHub's expressions: parsed once, then either asked what they read, or evaluated (evaluation.py).

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)|'(?P<string>(?:[^']|'')*)'|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[!<>().,\[\]*]))"
)
INSIDE = re.compile(r"\$\{\{(?P<inside>(?:[^'}]|'(?:[^']|'')*'|\}(?!\}))*)\}\}")
# Loosest first; each level is left-associative.
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))
STATUS = frozenset({"success", "failure", "cancelled", "always"})


class ExpressionError(ValueError):
    """GitHub would refuse the workflow."""


@dataclass(frozen=True)
class Literal:
    """A word, number or string that stands for itself."""

    value: Any


@dataclass(frozen=True)
class Read:
    """A context and the way into it, like `steps.ring.outputs.waiting`; an index that is computed is a node."""

    root: str
    parts: tuple[Node, ...]

    @cached_property
    def path(self) -> str:
        """With dots between; a computed index is `*`."""
        parts = (str(part.value) if isinstance(part, Literal) else "*" for part in self.parts)
        return ".".join((self.root, *parts))


@dataclass(frozen=True)
class Call:
    """A function or an operator with its arguments."""

    name: str
    arguments: tuple[Node, ...]


Node = Literal | Read | Call


@cache
def parse(text: str) -> Node:
    """The expression, without its `${{ }}`. Raises ExpressionError."""
    tokens = list(_tokens(text))
    node, rest = _binary(tokens, 0)
    if rest:
        raise ExpressionError(f"{text!r}: {rest[0][1]!r} is not expected here")
    return node


@cache
def inside(text: str) -> tuple[str, ...]:
    """What stands in each `${{ }}` of a text."""
    if "${{" not in text:
        return ()
    if text.count("${{") != len(INSIDE.findall(text)):
        raise ExpressionError(f"{text!r}: a ${{{{ is not closed")
    return tuple(found["inside"].strip() for found in INSIDE.finditer(text))


def whole(text: object) -> str | None:
    """The expression that a text consists of, or None."""
    found = INSIDE.fullmatch(text.strip()) if isinstance(text, str) and "${{" in text else None
    return found["inside"].strip() if found else None


@cache
def condition(text: object) -> Node:
    """An `if:`, which needs no `${{ }}` and is only asked after success unless it says otherwise."""
    if isinstance(text, bool):
        node: Node = Literal(text)
    elif isinstance(text, str) and "${{" in text and whole(text) is None:
        raise ExpressionError(f"{text!r}: text around an expression is always true")
    else:
        node = parse(whole(text) or str(text))
    names = {call.name for call in calls(node)}
    return node if names & STATUS else Call("&&", (Call("success", ()), node))


@cache
def reads(node: Node) -> tuple[Read, ...]:
    """Every context that is read, also within an index."""
    if isinstance(node, Read):
        return (node, *(read for part in node.parts for read in reads(part)))
    return tuple(read for argument in node.arguments for read in reads(argument)) if isinstance(node, Call) else ()


def calls(node: Node) -> Iterator[Call]:
    """Every function and operator."""
    if isinstance(node, Call):
        yield node
    children: Sequence[Node] = node.arguments if isinstance(node, Call) else getattr(node, "parts", ())
    for child in children:
        yield from calls(child)


_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_Tokens = list[tuple[str, str]]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if not found or not found.lastgroup:
            raise ExpressionError(f"{text!r}: {text[position:].strip()[:10]!r} is no expression")
        yield found.lastgroup, found[found.lastgroup]
        position = found.end()


def _binary(tokens: _Tokens, level: int) -> tuple[Node, _Tokens]:
    if level == len(_LEVELS):
        return _unary(tokens)
    node, rest = _binary(tokens, level + 1)
    while rest and rest[0][0] == "sign" and rest[0][1] in _LEVELS[level]:
        right, after = _binary(rest[1:], level + 1)
        node, rest = Call(rest[0][1], (node, right)), after
    return node, rest


def _unary(tokens: _Tokens) -> tuple[Node, _Tokens]:
    if not tokens:
        raise ExpressionError("an expression ends too early")
    (kind, text), *rest = tokens
    if (kind, text) == ("sign", "!"):
        node, rest = _unary(rest)
        return Call("!", (node,)), rest
    if (kind, text) == ("sign", "("):
        node, rest = _binary(rest, 0)
        return node, _expect(rest, ")")
    if kind == "number":
        return Literal(float(text)), rest
    if kind == "string":
        return Literal(text.replace("''", "'")), rest
    if kind == "name" and rest and rest[0] == ("sign", "("):
        return _call(text, rest[1:])
    if kind == "name":
        return (Literal(_WORDS[text]), rest) if text in _WORDS else _read(text, rest)
    raise ExpressionError(f"{text!r} is not expected here")


def _call(name: str, tokens: _Tokens) -> tuple[Node, _Tokens]:
    arguments: list[Node] = []
    while tokens and tokens[0] != ("sign", ")"):
        argument, tokens = _binary(tokens, 0)
        arguments.append(argument)
        if tokens and tokens[0] == ("sign", ","):
            tokens = tokens[1:]
    return Call(name, tuple(arguments)), _expect(tokens, ")")


def _read(root: str, tokens: _Tokens) -> tuple[Node, _Tokens]:
    parts: list[Node] = []
    while tokens and tokens[0] in (("sign", "."), ("sign", "[")):
        if tokens[0][1] == "." and len(tokens) > 1:
            parts.append(Literal(tokens[1][1]))
            tokens = tokens[2:]
        else:
            part, rest = _binary(tokens[1:], 0)
            parts.append(part)
            tokens = _expect(rest, "]")
    return Read(root, tuple(parts)), tokens


def _expect(tokens: _Tokens, sign: str) -> _Tokens:
    if not tokens or tokens[0] != ("sign", sign):
        raise ExpressionError(f"{sign!r} is missing")
    return tokens[1:]
