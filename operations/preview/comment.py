"""A plan as the Markdown of one comment: warnings, summary and words first, differences folded, cut from the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from operations.files.changes import Changes
from operations.files.compare import FileChange, KeyChange
from operations.files.comparison import Comparison
from operations.files.trust import trust_lines
from operations.preview.difference import Difference
from operations.preview.markdown import cell, code, folded, line_of
from operations.preview.plan import Plan, TenantPlan
from operations.preview.summary import MOST_KEYS, NOT_COMPARED, counted, resources_of, summary_of

# GitHub refuses a longer comment.
LIMIT = 65_536
# How the first line starts, of every stack's.
MARKER = "<!-- clearml-tenants plan: "
_ROOM_FOR_LAST_WORDS = 200


def marker_of(stack: str) -> str:
    """The invisible first line by which the stack's comment is found again, to be updated in place."""
    return f"{MARKER}{stack} -->"


def comment_of(plan: Plan, limit: int = LIMIT) -> str:
    """At most `limit` characters; what does not fit is counted in the last line. Nothing in it is a secret."""
    head = f"{marker_of(plan.stack)}\n## `{plan.stack}`: {summary_of(plan)}"
    return fitted([head, *plan_blocks(plan), *file_blocks(plan.files), *_differences(plan)], limit)


def compared_comment(stack: str, comparison: Comparison, plan: Plan | None, source: str) -> str:
    """What this program itself found in the files, then, under `source`, a plan that is somebody else's word.

    The first part is cut by the limit alone, never by what the plan says; nothing that the plan says of files is in it.
    Without a plan `source` is Markdown of ours that says why.
    """
    head = f"{marker_of(stack)}\n## `{stack}`: {title_of(comparison)}"
    own = fitted([head, *comparison_blocks(comparison)], LIMIT - _ROOM_FOR_LAST_WORDS - len(source))
    if plan is None:
        return f"{own}\n---\n\n{source}\n"
    known = set(trust_lines(comparison.changes.files, comparison.changes.base_domain))
    rest = replace(plan, warnings=tuple(line for line in plan.warnings if line not in known))
    said = resources_of(plan) or (
        "nothing could be told" if plan.faults and not plan.tenants else "no resource changes"
    )
    theirs = fitted([f"---\n\n{source}: {said}", *plan_blocks(rest), *_differences(rest)], LIMIT - len(own) - 1)
    return f"{own}\n{theirs}"


def fitted(blocks: Iterable[str], limit: int) -> str:
    """The blocks, each whole or not at all, the first ones first, in at most `limit` characters."""
    written, left, room = [], 0, limit - _ROOM_FOR_LAST_WORDS
    for block in blocks:
        if left or len(block) + 1 > room:
            left += 1
            continue
        written.append(block)
        room -= len(block) + 1
    if left:
        written.append(f"\n_{left} more did not fit into a comment; the run's own output has all of it._")
    return "\n".join(written) + "\n"


def title_of(comparison: Comparison) -> str:
    """How much differs in the files. It never says that nothing changes: of the cluster nothing is known here."""
    if comparison.unknown:
        return NOT_COMPARED
    return counted(comparison.changes) or "nothing in its files that has a meaning differs"


def comparison_blocks(comparison: Comparison) -> Iterator[str]:
    """What differs in the files, with what, and what of it sends trust elsewhere."""
    if comparison.unknown:
        yield from _alerts("CAUTION", "Read the files themselves:", [comparison.unknown])
        return
    changes = comparison.changes
    yield f"\n_Main's own program compared the files, key by key, with {comparison.base}._"
    yield from _alerts("WARNING", "Look twice:", trust_lines(changes.files, changes.base_domain))
    yield from file_blocks(changes)


def plan_blocks(plan: Plan) -> Iterator[str]:
    """What a plan says in words, of tenants, rules, features and restarts."""
    yield from _alerts("CAUTION", "Not valid, so this cannot be deployed:", plan.faults)
    yield from _alerts("WARNING", "Look twice:", plan.warnings)
    yield from _table(plan)
    yield from _section("Sign-in rules", plan.rules)
    yield from _section("Features", plan.features)
    yield from _section("Restarts", plan.restarts)


def _differences(plan: Plan) -> Iterator[str]:
    if plan.differences:
        yield "\n### What differs in the cluster"
        yield from map(_folded, plan.differences)


def _alerts(kind: str, title: str, lines: Iterable[str]) -> Iterator[str]:
    told = [f"> - {line_of(line)}" for line in lines]
    if told:
        yield f"\n> [!{kind}]\n> {title}\n>"
        yield from told


def _table(plan: Plan) -> Iterator[str]:
    if not plan.tenants and not plan.server:
        return
    yield "\n| tenant | what happens | of it |\n|---|---|---|"
    if plan.server:
        yield f"| _server_ | changed | {cell(', '.join(plan.server))} |"
    yield from (_row(tenant) for tenant in plan.tenants if not tenant.untouched)
    untouched = sum(tenant.untouched for tenant in plan.tenants)
    if untouched:
        yield f"| _{untouched} {'other' if untouched < len(plan.tenants) else 'tenants'}_ | untouched | |"
    if plan.untried:
        yield f"| _{plan.untried:,} other_ | not tried: see above | |"


def _row(tenant: TenantPlan) -> str:
    happens = ", ".join(f"**{each}**" for each in tenant.happens)
    return f"| {cell(tenant.name)} | {happens} | {cell(', '.join(tenant.parts))} |"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = [f"- {line_of(line)}" for line in lines]
    if told:
        yield f"\n### {title}\n"
        yield from told


def file_blocks(changes: Changes) -> Iterator[str]:
    """The section on the files; nothing if none differs."""
    lines = list(changes.lines())
    if changes.files or lines:
        yield "\n### What differs in the files\n"
        yield from (f"- {line_of(line)}" for line in lines)
        for file in changes.files:
            yield from _file(file)


def _file(file: FileChange) -> Iterator[str]:
    if not file.is_meaningful:
        yield f"- {code(file.path)}: only comments, spaces or quotes differ"
        return
    was = f" from {code(file.was)}" if file.was else ""
    same = ", nothing in it differs" if not file.keys else ""
    yield f"- {code(file.path)} is {file.kind}{was}{same}"
    yield from (f"  - {_key(change)}" for change in file.keys[:MOST_KEYS])
    if len(file.keys) > MOST_KEYS:
        yield f"  - {len(file.keys) - MOST_KEYS} more"


def _key(change: KeyChange) -> str:
    before, after = (code(each) if each is not None else "" for each in (change.before, change.after))
    what = change.note or (
        f"{before} → {after}" if before and after else f"{after} added" if after else f"{before} removed"
    )
    return f"{code(change.key)}: {what}" if change.key else what


def _folded(difference: Difference) -> str:
    title = f"{difference.tenant or 'server'}: {difference.title}"
    return folded(title, "\n".join(difference.lines), "diff")
