"""A plan as the Markdown of one comment: warnings, summary and words first, differences folded, cut from the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from operations.preview.difference import Difference
from operations.preview.plan import Plan, TenantPlan

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
    written, left, room = [], 0, limit - _ROOM_FOR_LAST_WORDS
    for block in _blocks(plan):
        if left or len(block) + 1 > room:
            left += 1
            continue
        written.append(block)
        room -= len(block) + 1
    if left:
        written.append(f"\n_{left} more did not fit into a comment; the run's own output has all of it._")
    return "\n".join(written) + "\n"


def _blocks(plan: Plan) -> Iterator[str]:
    """Pieces that are written whole or not at all, the most important first."""
    yield f"{marker_of(plan.stack)}\n## `{plan.stack}`: {_summary(plan)}"
    yield from _alerts("CAUTION", "Not valid, so this cannot be deployed:", plan.faults)
    yield from _alerts("WARNING", "Look twice:", plan.warnings)
    yield from _table(plan)
    yield from _section("Sign-in rules", plan.rules)
    yield from _section("Features", plan.features)
    yield from _section("Restarts", plan.restarts)
    if plan.differences:
        yield "\n### What differs in the cluster"
        yield from map(_folded, plan.differences)


def _summary(plan: Plan) -> str:
    touched = sum(not tenant.untouched for tenant in plan.tenants)
    if not touched and not plan.server:
        return "nothing could be told" if plan.faults and not plan.tenants else "nothing changes"
    server = "the server and " if plan.server else ""
    return f"{server}{touched} of {len(plan.tenants)} tenants"


def _alerts(kind: str, title: str, lines: Iterable[str]) -> Iterator[str]:
    told = [f"> - {_plain_text(line)}" for line in lines]
    if told:
        yield f"\n> [!{kind}]\n> {title}\n>"
        yield from told


def _table(plan: Plan) -> Iterator[str]:
    if not plan.tenants and not plan.server:
        return
    yield "\n| tenant | what happens | of it |\n|---|---|---|"
    if plan.server:
        yield f"| _server_ | changed | {_cell(plan.server)} |"
    yield from (_row(tenant) for tenant in plan.tenants if not tenant.untouched)
    untouched = sum(tenant.untouched for tenant in plan.tenants)
    if untouched:
        yield f"| _{untouched} {'other' if untouched < len(plan.tenants) else 'tenants'}_ | untouched | |"


def _row(tenant: TenantPlan) -> str:
    happens = ", ".join(f"**{each}**" for each in tenant.happens)
    return f"| {tenant.name} | {happens} | {_cell(tenant.parts)} |"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = [f"- {_plain_text(line)}" for line in lines]
    if told:
        yield f"\n### {title}\n"
        yield from told


def _plain_text(line: str) -> str:
    """A line of ours as text: nobody's name in it is a link, a mention or HTML. Between backticks it is as written."""
    parts = " ".join(line.split()).split("`")
    if len(parts) % 2 == 0:
        return _escaped(" ".join(line.split()))
    return "`".join(part if index % 2 else _escaped(part) for index, part in enumerate(parts))


def _escaped(text: str) -> str:
    # A character without width keeps an address from being somebody's mention.
    return re.sub(r"([\\`<>*_\[\]#&])", r"\\\1", text).replace("@", "@\u200b")


def _cell(parts: Iterable[str]) -> str:
    return _plain_text(", ".join(parts)).replace("|", "\\|")


def _folded(difference: Difference) -> str:
    text = "\n".join(difference.lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    title = escape(f"{difference.tenant or 'server'}: {difference.title}")
    return f"<details><summary>{title}</summary>\n\n{fence}diff\n{text}\n{fence}\n</details>"
