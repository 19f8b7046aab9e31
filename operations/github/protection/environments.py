"""Which environments hand a stack's secrets to more than main, or without anybody's approval. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations.github.protection.settings import Denial, unseen_line

MAIN = "main"
RIGHT = "Actions: read"
# What each kind of environment is for, and whether somebody lets it run.
KINDS = (("", True), ("-preview", True), ("-drift", False))


@dataclass(frozen=True)
class Branches:
    """What may use an environment: its own list, if it has one, and the repository's protected branches."""

    listed: Sequence[Mapping[str, Any]] | Denial = ()
    protected: Sequence[Mapping[str, Any]] | Denial = ()


def environment_lines(
    found: Sequence[Mapping[str, Any]] | Denial, branches: Mapping[str, Branches], stacks: Iterable[str]
) -> Iterator[str]:
    """A line for each fault; `found` are all environments, `branches` by the name of those that are bound to any."""
    if isinstance(found, Denial):
        yield unseen_line("environments", found, RIGHT)
        return
    by_name = {each.get("name"): each for each in found}
    for stack in stacks:
        for suffix, reviewed in KINDS:
            name = f"{stack}{suffix}"
            if name in by_name:
                yield from _lines(name, by_name[name], branches.get(name, Branches()), reviewed=reviewed)
            else:
                yield f"environment {name}: is not there; make it in Settings → Environments, bound to {MAIN}"


def _lines(name: str, found: Mapping[str, Any], branches: Branches, *, reviewed: bool) -> Iterator[str]:
    where = f"Settings → Environments → {name}"
    yield from _of_branches(name, found.get("deployment_branch_policy"), branches, where)
    rules = [rule for rule in found.get("protection_rules") or () if rule.get("type") == "required_reviewers"]
    reviewers = [reviewer for rule in rules for reviewer in rule.get("reviewers") or ()]
    if not reviewed and reviewers:
        yield f"environment {name}: would wait for a reviewer each morning; {where}: take the reviewers out"
    elif reviewed and not reviewers:
        yield f"environment {name}: nobody has to approve; {where} → Required reviewers: add a team"
    elif reviewed and not all(rule.get("prevent_self_review") is True for rule in rules):
        yield f"environment {name}: who starts a run may approve it; {where} → Prevent self-review: switch it on"


def _of_branches(name: str, policy: Mapping[str, Any] | None, branches: Branches, where: str) -> Iterator[str]:
    fix = f"{where} → Deployment branches and tags: Selected branches and tags, with {MAIN} alone"
    if policy is None:
        yield f"environment {name}: every branch may use its secrets; {fix}"
        return
    custom = policy.get("custom_branch_policies") is True
    allowed = branches.listed if custom else branches.protected
    if isinstance(allowed, Denial):
        yield unseen_line(f"environment {name}: deployment branches", allowed, RIGHT if custom else "Contents: read")
        return
    others = [f"{each.get('type', 'branch')} {each.get('name')}" for each in allowed if not _is_main(each)]
    if others:
        yield f"environment {name}: {', '.join(others[:5])} may use its secrets as well; {fix}"
    elif not allowed:
        yield f"environment {name}: no branch may use it, also not {MAIN}; {fix}"


def _is_main(branch: Mapping[str, Any]) -> bool:
    return branch.get("name") == MAIN and branch.get("type", "branch") == "branch"
