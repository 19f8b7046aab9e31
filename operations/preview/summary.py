"""A plan in a few lines: as the title of a comment, and on a terminal, files first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.files.changes import Changes
from operations.files.compare import FileChange, KeyChange
from operations.files.comparison import Comparison
from operations.files.trust import trust_lines
from operations.preview.markdown import visible
from operations.preview.plan import Plan
from operations.preview.restarts.release_restarts import Restarts

# Of one file; the rest is counted.
MOST_KEYS = 60
NOT_COMPARED = "the files are not compared"


def summary_of(plan: Plan) -> str:
    """Says that nothing changes only if neither a resource does nor anything in the files that has a meaning."""
    files = counted(plan.files)
    resources = resources_of(plan)
    if resources:
        return resources + (f"; {files}" if files else "")
    if plan.faults and not plan.tenants:
        return "nothing could be told" + (f" but that the files differ: {files}" if files else "")
    untried = f", and {plan.untried:,} tenants are not tried" if plan.untried else ""
    if files:
        return f"no resource changes, but the files do: {files}{untried}"
    return f"nothing that was tried changes{untried}" if untried else "nothing changes"


def resources_of(plan: Plan) -> str:
    """How much the engine would change; empty if nothing."""
    touched = sum(not tenant.untouched for tenant in plan.tenants)
    if not touched and not plan.server:
        return ""
    server = "the server and " if plan.server else ""
    untried = f", and {plan.untried:,} are not tried" if plan.untried else ""
    return f"{server}{touched} of {len(plan.tenants) + plan.untried:,} tenants{untried}"


def counted(changes: Changes) -> str:
    """How much differs in the files, of what has a meaning; empty if nothing does."""
    meaningful = [file for file in changes.files if file.is_meaningful]
    keys = sum(len(file.keys) for file in meaningful)
    files = _number(len(meaningful), "file") if meaningful else ""
    settings = f"{_number(keys, 'setting')} in {files}" if keys else files
    program = "the program itself" if changes.program else ""
    return " and ".join(filter(None, (settings, program)))


def text_of_files(comparison: Comparison) -> str:
    """What a terminal shows of the files."""
    if comparison.unknown:
        return f"{NOT_COMPARED}: {visible(comparison.unknown)}\n"
    changes = comparison.changes
    title = f"files, compared with {comparison.base}: {counted(changes) or 'nothing that has a meaning differs'}"
    trust = (f"look twice: {line}" for line in trust_lines(changes.files, changes.base_domain))
    lines = [*trust, *changes.lines(), *(line for file in changes.files for line in _file(file))]
    return _section(title, lines)


def text_of(plan: Plan, restarts: Iterable[Restarts] = ()) -> str:
    """What a terminal shows of the rest: what to look at twice, what changes, what restarts.

    With `restarts` each release has a line of its own.
    """
    tenants = [f"{each.name}: {', '.join(each.happens)}" + (f" ({', '.join(each.parts)})" if each.parts else "")
               for each in plan.tenants if not each.untouched]  # fmt: skip
    changes = f"what changes: {resources_of(plan) or 'no resource'}"
    sections = (
        ("not valid", plan.faults),
        ("look twice", plan.warnings),
        (changes, (*plan.server, *tenants)),
        ("sign-in rules", plan.rules),
        ("features", plan.features),
        ("what restarts", [f"{each.release}: {each}" for each in restarts] or plan.restarts),
    )
    return "\n".join(_section(title, lines) for title, lines in sections if lines or title == changes)


def _section(title: str, lines: Iterable[str]) -> str:
    return "".join(f"{visible(line)}\n" for line in (title, *(f"  {line}" for line in lines)))


def _file(file: FileChange) -> Iterator[str]:
    if not file.is_meaningful:
        yield f"{file.path}: only comments, spaces or quotes differ"
        return
    yield f"{file.path} is {file.kind}" + (f" from {file.was}" if file.was else "")
    yield from (f"  {_key(change)}" for change in file.keys[:MOST_KEYS])
    if len(file.keys) > MOST_KEYS:
        yield f"  {len(file.keys) - MOST_KEYS} more"


def _key(change: KeyChange) -> str:
    before, after = change.before, change.after
    what = change.note or (
        f"{before} → {after}" if before and after else f"{after} added" if after else f"{before} removed"
    )
    return f"{change.key}: {what}" if change.key else what


def _number(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")
