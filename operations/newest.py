"""Refuses to deploy a commit that is older than what a stack has: "Re-run jobs" of an old run would put its files back.

Runs before any package is installed, so with the standard library alone. GitHub keeps a deployment for each job that
names an environment, and the environment is called after its stack.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from operations import github
from operations.errors import OperationError


def require_newest(repository: str, stack: str, commit: str) -> str:
    """Why this commit may be deployed, in a line. Raises OperationError if it may not.

    The tip of main always may, also one that was set back. Any other has to come after the last commit whose
    deployment began: it is on its way while main has moved on.
    """
    if github.relation(repository, "main", commit) == "identical":
        return f"{stack}: {commit[:8]} is what main has"
    last = github.last_deployed(repository, stack, commit)
    if last and github.relation(repository, last, commit) != "ahead":
        raise OperationError(
            f"{stack}: commit {commit[:8]} of this run does not come after {last[:8]}, which is deployed; it would put "
            f"older files back: run the deploy of {last[:8]} again instead, or revert on main what has to go "
            "(docs/runbooks.md)"
        )
    return f"{stack}: {commit[:8]} comes after what is deployed ({last[:8] or 'nothing'}); main is further already"


def main(variables: Mapping[str, str]) -> int:
    """The exit code; a refusal is one line on stderr."""
    try:
        print(require_newest(*(_of(variables, name) for name in VARIABLES)))
    except OperationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


VARIABLES = ("REPOSITORY", "STACK", "COMMIT")


def _of(variables: Mapping[str, str], name: str) -> str:
    if not variables.get(name):
        raise OperationError(f"{name} is not set: the workflows in .github/ set it")
    return variables[name]


if __name__ == "__main__":
    sys.exit(main(os.environ))
