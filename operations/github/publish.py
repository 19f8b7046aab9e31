"""Publishes what another run wrote or found: plans as comments, a stack's drift or a broken history as an issue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from operations.errors import OperationError
from operations.github import client as github
from operations.preview.comment import LIMIT, MARKER, marker_of

_NO_PLAN = "No plan at {}: the change does not touch this stack any more, or its check failed and says why in its log."
_STACK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def publish_plans(folder: Path, run: Mapping[str, str]) -> int:
    """Put every `<stack>.md` below `folder` under the pull request of the run; returns how many.

    The files may be a stranger's: each is text of the right length with its stack's first line, or refused. Which pull
    request it is comes from the run itself: `REPOSITORY`, `HEAD` (`owner:branch`), `COMMIT`. One that has moved on
    since gets nothing. A plan of an earlier commit does not stay for a stack that has none now. Raises OperationError.
    """
    number = github.pull_request_of(run["REPOSITORY"], run["HEAD"], run["COMMIT"])
    if number is None:
        return 0
    plans = dict(_checked(file) for file in sorted(folder.rglob("*.md")))
    for marker, text in plans.items():
        github.put_comment(run["REPOSITORY"], number, marker, text)
    for marker in github.markers_of(run["REPOSITORY"], number, MARKER) - plans.keys():
        github.put_comment(run["REPOSITORY"], number, marker, f"{marker}\n{_NO_PLAN.format(run['COMMIT'])}")
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
        f"A history of edits, faults and killed runs did not end as it must, or could not be played: {run_url}\n\n"
        "The run's log ends with the shortest history that shows it. A step for step test of it goes with the fix; "
        "`make nightly` plays others. Close this when a night has passed."
    )
    github.put_issue(repository, "<!-- clearml-tenants nightly -->", "The nightly histories fail", text)


def _checked(file: Path) -> tuple[str, str]:
    if not _STACK.fullmatch(file.stem) or file.is_symlink():
        raise OperationError(f"{file.name!r} is no plan: it is called after its stack, like prod.md")
    text = file.read_text(encoding="utf-8", errors="replace")
    marker = marker_of(file.stem)
    if not text.startswith(marker) or len(text) > LIMIT:
        raise OperationError(f"{file.name!r} is no plan: it starts otherwise, or is longer than {LIMIT} characters")
    return marker, text
