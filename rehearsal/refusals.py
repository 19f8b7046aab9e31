"""What a preview refuses: told of the tenant that asks for it, then previewed as if its file had not been edited.

One refusal ends a preview, and nobody would see what else the change does. One that is no tenant's is told of the
stack's file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from local.errors import Cause
from operations.preview.steps import Step
from rehearsal.refused_removals import admin_of, tenants_in
from settings.facts import file_of, stack_file_of
from settings.finding import Finding, Where
from settings.types.naming import TENANT, name_of, types_of

Preview = Callable[[], Mapping[str, Any]]
"""Runs the program of the copy `after`; the answer is what `rehearsal.program` writes."""
_ROUNDS = 10
# How sentences of `components.clearml.run.refusals` name tenants, where the resource they are told of is everybody's.
_NAMED = re.compile(r"tenants? (?P<names>[a-z0-9-]+(?:, [a-z0-9-]+)*)(?::| is | are )")
_STACK = "a change of this file is refused; the rest is told as if it had not been edited"


@dataclass(frozen=True)
class Previewed:
    """The steps, none if nothing can be told; `refusals` are lines, `tenants` those previewed as they were."""

    steps: tuple[Step, ...]
    refusals: tuple[str, ...] = ()
    tenants: frozenset[str] = frozenset()


def preview_without_refused(preview: Preview, before: Path, after: Path, stack: str) -> Previewed:
    """Preview the copy `after`; in it each file that is refused becomes what it is in the copy `before`."""
    lines: list[str] = []
    taken_back: set[str] = set()
    for _ in range(_ROUNDS):
        found = preview()
        causes = [Cause(**each) for each in found["errors"]]
        if not causes:
            return Previewed(tuple(Step(**each) for each in found["steps"]), tuple(lines), frozenset(taken_back))
        known = {*dict(tenants_in(before, stack)), *dict(tenants_in(after, stack))}
        blamed = {cause: tenants_of(cause, stack, known) for cause in causes}
        lines += [_line(cause, stack, names) for cause, names in blamed.items()]
        edited = {name for name in known if _differs(before, after, file_of(stack, name))}
        refused = edited & set(chain.from_iterable(blamed.values()))
        for name in sorted(refused):
            _take_back(before, after, stack, name)
        if refused:
            taken_back |= refused
        elif _differs(before, after, stack_file_of(stack)):
            _restore(before, after, stack_file_of(stack))
            lines.append(str(Finding(Where(stack_file_of(stack), "", ""), _STACK)))
        else:
            break
    return Previewed((), tuple(lines))


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


def _take_back(before: Path, after: Path, stack: str, name: str) -> None:
    """The tenant's file as it was, and, if it was called otherwise, under that name."""
    present = dict(tenants_in(after, stack)).get(name, {})
    _restore(before, after, file_of(stack, name))
    for former, tenant in tenants_in(before, stack):
        if former != name and admin_of(tenant) == admin_of(present) != "":
            _restore(before, after, file_of(stack, former))


def _differs(before: Path, after: Path, file: str) -> bool:
    return _content(before / file) != _content(after / file)


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _restore(before: Path, after: Path, file: str) -> None:
    if (before / file).is_file():
        (after / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(before / file, after / file)
    else:
        (after / file).unlink(missing_ok=True)
