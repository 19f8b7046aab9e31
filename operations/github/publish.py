"""Publishes what another run wrote or found: plans as comments, a stack's drift or a broken history as an issue."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from operations.errors import OperationError
from operations.github import client as github
from operations.github.merge import Merge
from operations.preview.comment import MARKER, compared_comment, marker_of
from operations.preview.document import LARGEST, plan_in
from operations.preview.markdown import line_of
from operations.preview.plan import Plan

_UNTOUCHED = "At {} the change does not touch this stack any more."
_NO_PLAN = "_No plan: at commit {} the branch's own check told none, and says why in its log._"
_NONE = "_No plan: what the branch's own program wrote at commit {} is none. {}_"
_SOURCE = (
    "_From here on it is the word of the branch's author, whose own program told it at commit {}; nobody vouches for "
    "it._ It says"
)


def publish_plans(root: Path, folder: Path, run: Mapping[str, str], stacks: Sequence[str]) -> int:
    """Put what would change in each of `stacks`, which are main's, under the pull request of the run; returns how many.

    What differs in the files is compared here, between main, which is checked out at `root`, and the commit merged into
    it: of objects alone. The rest is the branch's word: the files below `folder` may be a stranger's; of each stack one
    is read, as data, and rendered here. Which pull request it is comes from the run itself: `REPOSITORY`, `HEAD`
    (`owner:branch`), `PROPOSAL`. One that has moved on since gets nothing.

    Raises OperationError, when all is written, for a plan that cannot be read, files that cannot be compared, or
    GitHub's refusal.
    """
    repository, commit = run["REPOSITORY"], run["PROPOSAL"]
    number = github.pull_request_of(repository, run["HEAD"], commit)
    if number is None:
        return 0
    older = github.markers_of(repository, number, MARKER)
    merge = Merge.of(root, commit, run.get("GH_TOKEN", ""))
    texts, refusals = dict[str, str](), [OperationError(merge.unknown)] if merge.unknown else []
    for stack in stacks:
        plan, source = None, ""
        try:
            plan = _plan(folder, stack)
            source = (_SOURCE if plan else _NO_PLAN).format(commit[:8])
        except OperationError as refusal:
            refusals.append(refusal)
            source = _NONE.format(commit[:8], line_of(str(refusal)))
        if any(map(os.path.lexists, _places(folder, stack))) or stack in merge.affected(root, stacks):
            texts[marker_of(stack)] = compared_comment(stack, merge.comparison(root, stack), plan, source)
    for marker, text in texts.items():
        github.put_comment(repository, number, marker, text)
    for marker in older - texts.keys():
        github.put_comment(repository, number, marker, f"{marker}\n{_UNTOUCHED.format(commit)}")
    if refusals:
        raise refusals[0]
    return len(texts)


def publish_drift(repository: str, stack: str, run_url: str) -> None:
    """Say by one issue that what exists is not what the state says. Raises OperationError."""
    marker = f"<!-- clearml-tenants drift: {stack} -->"
    text = (
        f"What exists in `{stack}` is not what was deployed there, or could not be read: {run_url}\n\n"
        "The run's log lists each difference. `docs/runbooks.md` says what to do about it; close this when it is done."
    )
    github.put_issue(repository, marker, f"{stack} has drifted", text)


def publish_nightly(job: str, repository: str, run_url: str) -> None:
    """Say by one issue that this job of the night found what it must not. Raises OperationError."""
    if job == "witness":
        text = (
            "ClearML's public charts make nothing of a value that is sent to them, our policies do not select their "
            f"pods, or the charts could not be had: {run_url}\n\n"
            "The run's log names each value. `make witness` tries it again. Close this when it passes."
        )
        github.put_issue(
            repository, "<!-- clearml-tenants witness -->", "The public charts do not take all values", text
        )
        return
    text = (
        f"A history of edits, faults and killed runs did not end as it must, or could not be played: {run_url}\n\n"
        "The run's log ends with the shortest history that shows it. A step for step test of it goes with the fix; "
        "`make nightly` plays others. Close this when a night has passed."
    )
    github.put_issue(repository, "<!-- clearml-tenants nightly -->", "The nightly histories fail", text)


def _plan(folder: Path, stack: str) -> Plan | None:
    """None if there is no document. Raises OperationError for one that is no plan."""
    for path in _places(folder, stack):
        if path.resolve() != folder.resolve() / path.relative_to(folder):
            raise OperationError(f"{path.name}: is a link, or lies behind one; a plan is a plain file")
        if path.is_file():
            with path.open("rb") as file:
                return plan_in(file.read(LARGEST + 1), stack)
    return None


def _places(folder: Path, stack: str) -> tuple[Path, ...]:
    """Of several artifacts each is in a folder of its own, one alone is in none."""
    return folder / f"plan-{stack}" / f"{stack}.json", folder / f"{stack}.json"
