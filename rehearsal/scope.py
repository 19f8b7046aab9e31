"""Which of an environment's tenants are tried; in both copies they are taken out of their shards, into the one stack.

A change concerns the tenants whose files differ, and all where the stack's own file or the program does. The others
stay in their shards' folders: the program reads and checks their files, knows their sign-in rules, and deploys none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from operations.files.changes import Changes
from operations.preview.plan import Plan, TenantPlan
from rehearsal.copies import homes_in
from rehearsal.faulty import edits
from settings.facts import file_of, stack_file_of
from settings.listing import listing
from settings.shards import Part, shards_of

ENOUGH = 50
"""With so many tenants tried, no further shard is added to those that a change of everybody's is tried on. As many as
are advised for one stack: 51 of 1,001 took 80 s on two cores; 121 took a quarter of an hour there, and failed."""
_Homes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Scope:
    """`tried` and `untouched` are names of tenants: of the latter nothing differs that they depend on. `untried` is the
    number of the others, of which nobody can tell.

    `summary` is said while it runs, empty where all tenants are tried; `warnings` are the plan's. `files`: of the file
    of a tried tenant in the environment's own folder, the one that a person knows it by.
    """

    tried: frozenset[str]
    untouched: frozenset[str]
    untried: int
    summary: str
    warnings: tuple[str, ...]
    files: Mapping[str, str]


def scope_of(before: Path, after: Path, part: Part, changes: Changes) -> Scope:
    """What is to be tried of an environment, or, where `part` is a shard, of that shard's tenants at least."""
    environment = part.environment
    then, now = homes_in(before, environment), homes_in(after, environment)
    known = {**then, **now}
    tried = {*edits(before, after, environment)}
    tried |= {name for name, shards in known.items() if {"", part.shard} & {*shards}}
    concerning = list(_concerning_all(environment, changes))
    for shard in shards_of(after, environment) if concerning and not part.shard else ():
        if len(tried) < ENOUGH:
            tried |= {name for name, shards in now.items() if shard in shards}
    left = {name: shards for name, shards in now.items() if name not in tried}
    files = {file_of(environment, name): file_of(environment, name, known[name][0]) for name in tried}
    return Scope(
        frozenset(tried),
        frozenset() if concerning else frozenset(left),
        len(left) if concerning else 0,
        _summary(len(now), left),
        (*_moves(environment, then, now), *_untold(environment, concerning, len(now), left)),
        files,
    )


def fold(before: Path, after: Path, environment: str, tried: Collection[str]) -> None:
    """Move the files of the tenants into the environment's own folder, and drop each shard that one copy alone has.

    Of such a shard every tenant is tried, since its file is there in one copy only.
    """
    for copy in (before, after):
        for name, shards in homes_in(copy, environment).items():
            own = copy / file_of(environment, name)
            # A tenant of two stacks is a fault, which the program tells.
            if name in tried and "" not in shards:
                (copy / file_of(environment, name, shards[0])).rename(own)
    then, now = ({*shards_of(copy, environment)} for copy in (before, after))
    for copy, alone in ((before, then - now), (after, now - then)):
        for shard in alone:
            (copy / stack_file_of(Part(environment, shard).stack)).unlink()


def with_untouched(plan: Plan, scope: Scope) -> list[TenantPlan]:
    """The plan's tenants, and those that the change does not concern; of a plan that could tell nothing, none."""
    named = {each.name for each in plan.tenants}
    beside = scope.untouched - named if named or not plan.faults else ()
    return sorted((*plan.tenants, *(TenantPlan(name, ("untouched",)) for name in beside)), key=lambda each: each.name)


def _concerning_all(environment: str, changes: Changes) -> Iterator[str]:
    if any(file.is_meaningful and file.path == stack_file_of(environment) for file in changes.files):
        yield stack_file_of(environment)
    if changes.program:
        yield "the program itself"


def _summary(number: int, left: Collection[str]) -> str:
    return f"{number - len(left):,} of {number:,} tenants are tried, the others' files are checked" if left else ""


def _untold(environment: str, concerning: Iterable[str], number: int, left: _Homes) -> Iterator[str]:
    what = " and ".join(concerning)
    if what and left:
        shards = sorted({shards[0] for shards in left.values()})
        yield (
            f"only {number - len(left):,} of {number:,} tenants are tried, and what differs in {what} may change all: "
            f"what it does to the others of shards {listing(shards)} is not told; make rehearse "
            f"STACK={Part(environment, shards[0]).stack} tells it of one shard"
        )


def _moves(environment: str, then: _Homes, now: _Homes) -> Iterator[str]:
    """The files are all that is known here: whether the states were moved as well, no rehearsal sees."""
    moved: dict[tuple[str, str], list[str]] = {}
    for name in sorted(then.keys() & now.keys()):
        moved.setdefault((then[name][0], now[name][0]), []).append(name)
    for (was, is_), names in moved.items():
        if was != is_:
            stacks = " to ".join(Part(environment, shard).stack for shard in (was, is_))
            yield (
                f"moved from {stacks}: {listing(names)}; nothing changes if the state has moved, too, and a file moved "
                f"without make shard STACK={environment} TENANT={names[0]} SHARD={is_ or '-'} is refused by every run"
            )
