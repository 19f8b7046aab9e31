"""Whether anything gets into main unreviewed or untested: by its rules and, where those are not enough, by its older
branch protection. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations.github.protection.settings import Denial, unseen_line

RIGHT = "Administration: read"
CHECKS = frozenset({"test", "affected stacks"})
"""The names of the jobs of check.yml that run for every pull request."""
# GitHub's word for a branch without such a protection, told apart from one that a token may not see.
_NONE = "Branch not protected"
_WHERE = "Settings → Rules → Rulesets → the one of main"


@dataclass(frozen=True)
class Guard:
    """What holds of main, by one of the two ways."""

    approvals: int = 0
    code_owners: bool = False
    newest_push: bool = False
    checks: frozenset[str] = frozenset()
    no_force: bool = False
    no_deletion: bool = False


def branch_lines(
    rules: Sequence[Mapping[str, Any]] | Denial,
    bypass: Mapping[int, Sequence[Mapping[str, Any]] | Denial],
    classic: Mapping[str, Any] | Denial,
) -> Iterator[str]:
    """A line for each fault; `rules` are all that are active for main, `bypass` who goes around them by ruleset."""
    if isinstance(rules, Denial):
        yield unseen_line("main: rules", rules, "Metadata: read")
        rules = ()
    by_rules = _of_rules(rules)
    older = Guard() if isinstance(classic, Denial) else _of_classic(classic)
    missing = list(_missing(_both(by_rules, older)))
    if missing and isinstance(classic, Denial) and classic.reason != _NONE:
        yield unseen_line("main: branch protection, which its rules do not make up for", classic, RIGHT)
    yield from missing
    yield from _around(rules, bypass)
    if not isinstance(classic, Denial) and list(_missing(by_rules)) and not _on(classic, "enforce_admins"):
        yield "main: its protection does not hold for admins; Settings → Branches: do not allow bypassing the settings"


def _missing(guard: Guard) -> Iterator[str]:
    if guard.approvals < 1:
        yield f"main: takes changes that nobody approved; {_WHERE}: require a pull request with 1 approval"
    if not guard.code_owners:
        yield f"main: takes changes that no code owner approved; {_WHERE}: require review from Code Owners"
    if not guard.newest_push:
        yield f"main: an approval stays when more is pushed; {_WHERE}: dismiss stale approvals on new commits"
    if missing := sorted(CHECKS - guard.checks):
        yield f"main: takes changes without the checks {', '.join(missing)}; {_WHERE}: require these status checks"
    if not guard.no_force:
        yield f"main: its history can be replaced; {_WHERE}: block force pushes"
    if not guard.no_deletion:
        yield f"main: can be deleted; {_WHERE}: restrict deletions"


def _both(one: Guard, other: Guard) -> Guard:
    return Guard(
        max(one.approvals, other.approvals),
        one.code_owners or other.code_owners,
        one.newest_push or other.newest_push,
        one.checks | other.checks,
        one.no_force or other.no_force,
        one.no_deletion or other.no_deletion,
    )


def _of_rules(rules: Sequence[Mapping[str, Any]]) -> Guard:
    kinds = {rule.get("type") for rule in rules}
    reviews = [rule.get("parameters") or {} for rule in rules if rule.get("type") == "pull_request"]
    tests = [rule.get("parameters") or {} for rule in rules if rule.get("type") == "required_status_checks"]
    return Guard(
        max((int(each.get("required_approving_review_count") or 0) for each in reviews), default=0),
        any(each.get("require_code_owner_review") is True for each in reviews),
        any(each.get(name) is True for each in reviews for name in _NEWEST),
        frozenset(str(check.get("context")) for each in tests for check in each.get("required_status_checks") or ()),
        "non_fast_forward" in kinds,
        "deletion" in kinds,
    )


_NEWEST = ("dismiss_stale_reviews_on_push", "dismiss_stale_reviews", "require_last_push_approval")


def _of_classic(found: Mapping[str, Any]) -> Guard:
    reviews = found.get("required_pull_request_reviews") or {}
    tests = found.get("required_status_checks") or {}
    named = (str(check.get("context")) for check in tests.get("checks") or ())
    return Guard(
        int(reviews.get("required_approving_review_count") or 0),
        reviews.get("require_code_owner_reviews") is True,
        any(reviews.get(name) is True for name in _NEWEST),
        frozenset((*map(str, tests.get("contexts") or ()), *named)),
        not _on(found, "allow_force_pushes"),
        not _on(found, "allow_deletions"),
    )


def _on(found: Mapping[str, Any], name: str) -> bool:
    return (found.get(name) or {}).get("enabled") is True


def _around(
    rules: Sequence[Mapping[str, Any]], bypass: Mapping[int, Sequence[Mapping[str, Any]] | Denial]
) -> Iterator[str]:
    for number in dict.fromkeys(rule.get("ruleset_id") for rule in rules):
        actors = bypass.get(int(number)) if number is not None else ()
        if isinstance(actors, Denial):
            yield unseen_line(f"main: who goes around ruleset {number}", actors, "Administration: write")
        elif actors:
            yield f"main: {len(actors)} may go around ruleset {number}; Settings → Rules: make its bypass list empty"
