"""Refuses to deploy a commit that is older than what an environment has: "Re-run jobs" of an old run would put older
files back.

Runs before any package is installed, so with the standard library alone. GitHub keeps a deployment for each job that
names an environment; an environment's shards have theirs in the platform's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from operations.errors import OperationError
from operations.github import client as github
from operations.github.variables import required

_INSTEAD = "run the newest deploy again, or revert on main what has to go (docs/github.md)"


def require_newest(repository: str, environment: str, commit: str) -> str:
    """Why this commit may be deployed, in a line. Raises OperationError if it may not.

    The tip of main always may, also when main was set back to it. Any other has to be of main, and nothing that comes
    after it may be deployed yet: then it is on its way while main has moved on.
    """
    to_main = github.relation(repository, "main", commit)
    if to_main == "identical":
        return f"{environment}: {commit[:8]} is what main has"
    if to_main != "behind":
        raise OperationError(f"{environment}: commit {commit[:8]} of this run is not on main: {_INSTEAD}")
    after = github.deployed_after(repository, environment, commit)
    if after:
        raise OperationError(
            f"{environment}: commit {commit[:8]} of this run is older than {after[:8]}, which is deployed, and would "
            f"put its older files back: {_INSTEAD}"
        )
    return f"{environment}: nothing newer than {commit[:8]} is deployed yet, though main is further"


def main(variables: Mapping[str, str]) -> int:
    """The exit code; a refusal is one line on stderr."""
    try:
        print(require_newest(*(required(variables, name) for name in VARIABLES)))
    except OperationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


VARIABLES = ("REPOSITORY", "ENVIRONMENT", "COMMIT")


if __name__ == "__main__":
    sys.exit(main(os.environ))
