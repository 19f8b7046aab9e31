"""What a preview refuses: told of the tenant that asks for it, then previewed as if its file had not been edited.

One refusal ends a preview, and nobody would see what else the change does. One that is no tenant's is told of the
stack's file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.errors import Cause
from operations.preview.steps import Step
from rehearsal.faulty import differs, restore, stack_as_it_was
from rehearsal.refused_removals import admin_of, tenants_in
from settings.facts import file_of
from settings.finding import Finding, Where
from settings.types.naming import TENANT, name_of, types_of

Preview = Callable[[], Mapping[str, Any]]
"""Runs the program of the copy `after`; the answer is what `rehearsal.program` writes."""
_ROUNDS = 10
# How sentences of `components.clearml.run.refusals` name tenants, where the resource they are told of is everybody's.
_NAMED = re.compile(r"tenants? (?P<names>[a-z0-9-]+(?:, [a-z0-9-]+)*)(?::| is | are )")


@dataclass(frozen=True)
class PreviewResult:
    """The steps, none if nothing can be told; `refusals` are lines, `tenants` those previewed as they were."""

    steps: tuple[Step, ...]
    refusals: tuple[str, ...] = ()
    tenants: frozenset[str] = frozenset()


def preview_without_refused(preview: Preview, before: Path, after: Path, stack: str) -> PreviewResult:
    """Preview the copy `after`; in it each file that is refused becomes what it is in the copy `before`."""
    lines: list[str] = []
    taken_back: set[str] = set()
    for _ in range(_ROUNDS):
        found = preview()
        if not found["errors"]:
            return PreviewResult(tuple(Step(**each) for each in found["steps"]), tuple(lines), frozenset(taken_back))
        known = {*dict(tenants_in(before, stack)), *dict(tenants_in(after, stack))}
        edited = {name for name in known if differs(before, after, file_of(stack, name))}
        refused: set[str] = set()
        for cause in (Cause(**each) for each in found["errors"]):
            names = tenants_of(cause, stack, known)
            others = _mentioned(cause, edited) if names and names <= taken_back else set()
            refused |= (edited & names) or others
            lines += _consequences(stack, others, names) if others else [_line(cause, stack, names)]
        for name in sorted(refused):
            _take_back(before, after, stack, name)
        taken_back |= refused
        if not refused:
            stacks_own = stack_as_it_was(before, after, stack)
            if stacks_own is None:
                break
            lines.append(str(stacks_own))
    return PreviewResult((), tuple(lines))


def tenants_of(cause: Cause, stack: str, known: Collection[str]) -> frozenset[str]:
    """Those of the tenants `known` whose files or resources the cause is said of."""
    folder = re.escape(file_of(stack, "").removesuffix(".yaml"))
    files = re.findall(rf"{folder}([\w.-]+)\.yaml", cause.text)
    named = _NAMED.match(cause.text)
    return frozenset(known) & {*files, *(named["names"].split(", ") if named else ()), *_owner(cause.urn, known)}


def _owner(urn: str, known: Iterable[str]) -> Iterator[str]:
    """A tenant's resources are called after it; of two names that fit the longer one says more."""
    if TENANT in types_of(urn):
        name = name_of(urn)
        found = [each for each in known if name == each or name.startswith((f"{each}-", f"{each}/"))]
        yield from sorted(found, key=len)[-1:]


def _line(cause: Cause, stack: str, tenants: Collection[str]) -> str:
    """As a check of the files would tell it."""
    if len(tenants) != 1 or cause.text.startswith("config/"):
        return cause.text
    (name,) = tenants
    return str(Finding(Where(file_of(stack, name), name, ""), cause.text.removeprefix(f"tenant {name}: ")))


def _mentioned(cause: Cause, edited: Iterable[str]) -> set[str]:
    """Tenants with which another one, as it was before, does not go together."""
    return {name for name in edited if re.search(rf"\btenant {re.escape(name)}\b(?!-)", cause.text)}


def _consequences(stack: str, tenants: Iterable[str], refused: Iterable[str]) -> Iterator[str]:
    text = f"goes together with the change of {', '.join(sorted(refused))} alone, which is refused"
    yield from (str(Finding(Where(file_of(stack, name), name, ""), text)) for name in sorted(tenants))


def _take_back(before: Path, after: Path, stack: str, name: str) -> None:
    """The tenant's file as it was, and, if it was called otherwise, under that name."""
    present = dict(tenants_in(after, stack)).get(name, {})
    restore(before, after, file_of(stack, name))
    for former, tenant in tenants_in(before, stack):
        if former != name and admin_of(tenant) == admin_of(present) != "":
            restore(before, after, file_of(stack, former))
