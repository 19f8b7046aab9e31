"""The one registry of checks: each a pure function from facts to findings, with a line that says what it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from settings.facts import Facts
from settings.finding import Finding, Where

Function = Callable[[Facts], Iterable[Finding]]
Precedence = Literal["first", "usual", "last"]
"""Where two checks find an error at one key: one that is `first` silences all others there; one that is `last` is
silent at a key, above it and below it, if another says something there, and above a key where one that is `first` does.
"""


@dataclass(frozen=True)
class Check:
    """`description` is one line; `module` and `name` are where the function lives."""

    description: str
    function: Function
    precedence: Precedence

    @property
    def module(self) -> str:
        """As it is imported, `settings.checks.cookie`."""
        return self.function.__module__

    @property
    def name(self) -> str:
        """The function's name."""
        return getattr(self.function, "__name__", "")


_CHECKS: list[Check] = []


def check(description: str, *, precedence: Precedence = "usual") -> Callable[[Function], Function]:
    """Register the function below as a check."""

    def register(function: Function) -> Function:
        _CHECKS.append(Check(description, function, precedence))
        return function

    return register


def registered() -> tuple[Check, ...]:
    """Every check of the modules imported so far, by module and then as they stand there."""
    return tuple(sorted(_CHECKS, key=lambda each: each.module))


def run(facts: Facts, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """What the checks find, each finding once, by file and then by key."""
    first, usual, last = (_found(facts, checks, kind) for kind in ("first", "usual", "last"))
    decided = {each.where for each in first if each.is_error}
    rest = [*usual, *_not_told([each for each in last if not _holds(each.where, decided)], usual)]
    return tuple(sorted({*first, *(each for each in rest if not each.is_error or each.where not in decided)}))


def _found(facts: Facts, checks: Sequence[Check], precedence: str) -> list[Finding]:
    """In the order of the checks."""
    functions = [each.function for each in checks if each.precedence == precedence]
    return [facts.place(finding) for function in functions for finding in function(facts)]


def _not_told(found: Iterable[Finding], others: Iterable[Finding]) -> Iterator[Finding]:
    """Those at a key that none of the others, and none before, is about. Errors come first: a warning silences none."""
    told: dict[str, set[str]] = {}
    for each in others:
        if each.is_error:
            told.setdefault(each.where.file, set()).add(each.where.key)
    for finding in sorted(found, key=lambda each: not each.is_error):
        where: Where = finding.where
        keys = told.setdefault(where.file, set())
        if not any(_nested(key, where.key) for key in keys):
            keys.add(where.key)
            yield finding


def _holds(where: Where, others: Iterable[Where]) -> bool:
    """Whether one of the others is below `where`."""
    return any(each.file == where.file and each.key.startswith((f"{where.key}.", f"{where.key}[")) for each in others)


def _nested(one: str, other: str) -> bool:
    """Whether one of the two keys is the other, or below it."""
    short, long = sorted((one, other), key=len)
    return short == long or (bool(short) and long.startswith((f"{short}.", f"{short}[")))
