"""Publishes what another run wrote or found: plans as comments, a stack's drift or a broken history as an issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from operations.errors import OperationError
from operations.github import client as github
from operations.preview.comment import MARKER, comment_of, marker_of
from operations.preview.document import LARGEST, plan_in
from operations.preview.markdown import line_of

_NO_PLAN = "No plan at {}: the change does not touch this stack any more, or its check failed and says why in its log."
_NONE = "No plan at {}: what the branch's program wrote is none, so nobody is told what the change would do. {}"
_SOURCE = "_As this branch's own program tells it, at commit {}. Nobody vouches for it: read the files as well._"


def publish_plans(folder: Path, run: Mapping[str, str], stacks: Sequence[str]) -> int:
    """Put the plan of each of `stacks`, which are main's, under the pull request of the run; returns how many.

    The files below `folder` may be a stranger's: of each stack one is read, as data, and rendered here. Which pull
    request it is comes from the run itself: `REPOSITORY`, `HEAD` (`owner:branch`), `COMMIT`. One that has moved on
    since gets nothing. A plan of an earlier commit does not stay for a stack that has none now, or one that cannot be
    read; the latter raises OperationError when all is written, as does GitHub's refusal.
    """
    number = github.pull_request_of(run["REPOSITORY"], run["HEAD"], run["COMMIT"])
    if number is None:
        return 0
    plans, refusals = dict[str, str](), list[OperationError]()
    for stack in stacks:
        try:
            plans |= _comment(folder, run["COMMIT"], stack)
        except OperationError as refusal:
            refusals.append(refusal)
            told = _NONE.format(run["COMMIT"], line_of(str(refusal)))
            plans[marker_of(stack)] = f"{marker_of(stack)}\n{told}"
    for marker, text in plans.items():
        github.put_comment(run["REPOSITORY"], number, marker, text)
    for marker in github.markers_of(run["REPOSITORY"], number, MARKER) - plans.keys():
        github.put_comment(run["REPOSITORY"], number, marker, f"{marker}\n{_NO_PLAN.format(run['COMMIT'])}")
    if refusals:
        raise refusals[0]
    return len(plans)


def publish_drift(repository: str, stack: str, run_url: str) -> None:
    """Say by one issue that what exists is not what the state says. Raises OperationError."""
    marker = f"<!-- clearml-tenants drift: {stack} -->"
    text = (
        f"What exists in `{stack}` is not what was deployed there, or could not be read: {run_url}\n\n"
        "The run's log lists each difference. `docs/runbooks.md` says what to do about it; close this when it is done."
    )
    github.put_issue(repository, marker, f"{stack} has drifted", text)


def publish_nightly(repository: str, run_url: str) -> None:
    """Say by one issue that the nightly histories found what they must not. Raises OperationError."""
    text = (
        f"A history of edits, faults and killed runs did not end as it must, or could not be played, or ClearML's "
        f"public charts do not take what they are sent: {run_url}\n\n"
        "The run's log ends with the shortest history that shows it. A step for step test of it goes with the fix; "
        "`make nightly` plays others. Close this when a night has passed."
    )
    github.put_issue(repository, "<!-- clearml-tenants nightly -->", "The nightly histories fail", text)


def _comment(folder: Path, commit: str, stack: str) -> dict[str, str]:
    """Text by marker; none if there is no document."""
    document = _document(folder, stack)
    if document is None:
        return {}
    return {marker_of(stack): comment_of(plan_in(document, stack), source=_SOURCE.format(commit[:8]))}


def _document(folder: Path, stack: str) -> bytes | None:
    """Of several artifacts each is in a folder of its own, one alone is in none."""
    for path in (folder / f"plan-{stack}" / f"{stack}.json", folder / f"{stack}.json"):
        if path.resolve() != folder.resolve() / path.relative_to(folder):
            raise OperationError(f"{path.name}: is a link, or lies behind one; a plan is a plain file")
        if path.is_file():
            with path.open("rb") as file:
                return file.read(LARGEST + 1)
    return None
