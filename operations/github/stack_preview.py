"""The preview with a stack's own secrets, as a comment of the pull request whose files it is of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from secrets import token_hex

from operations.errors import OperationError
from operations.github import client as github
from operations.preview.comment import LIMIT
from operations.preview.markdown import folded
from operations.preview.policy_preview import FAILURE, recorded_preview

_MARKER = "<!-- clearml-tenants preview: {} -->"
_ROOM = 2_000


def publish_preview(root: Path, run: Mapping[str, str], secrets: Collection[str], token: str) -> None:
    """Preview `STACK` as the files in `root` are, print it, and put it under the pull request `NUMBER`.

    `run` has `REPOSITORY` and `PROPOSAL`, too, and the variables named by `secrets`, whose values are not shown; the
    one named by `token` is kept from the engine. Raises OperationError if the preview fails or a policy is violated.
    """
    outcome = recorded_preview(root, run["STACK"], {token})
    text = _without([run[name] for name in (*secrets, token) if run.get(name)], outcome.text)
    _print(text)
    comment = comment_of(run["STACK"], run["PROPOSAL"], text, right=outcome.right)
    github.put_comment(run["REPOSITORY"], int(run["NUMBER"]), _MARKER.format(run["STACK"]), comment)
    if not outcome.right:
        raise OperationError(FAILURE.format(run["STACK"]))


def comment_of(stack: str, commit: str, text: str, *, right: bool) -> str:
    """What the engine printed as code, which no text of a tenant ends; of one that is too long, the end."""
    room = LIMIT - _ROOM
    block = folded("what the engine says", text, "diff")
    while len(block) > room:
        text = text[max(1, len(text) // 8) :]
        block = folded("the end of what the engine says; the log of the run has all of it", text, "diff")
    result = "previewed" if right else "**the preview failed, or a policy is violated**"
    return (
        f"{_MARKER.format(stack)}\n## `{stack}` with its own secrets: {result}\n\nMain's program, on the files that "
        f"commit {commit[:8]} has below `config/`. Its texts and names are the branch's.\n\n{block}\n"
    )


def _print(text: str) -> None:
    """A runner takes no line in between as a command to itself, which a tenant's text may look like."""
    end = f"end-{token_hex(16)}"
    print(f"::stop-commands::{end}\n{text}\n::{end}::", flush=True)


def _without(values: Collection[str], text: str) -> str:
    """GitHub hides secrets in a log, and in no comment."""
    for value in values:
        text = text.replace(value, "***")
    return text
