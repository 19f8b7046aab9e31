"""How the shards of one deploy went, a line each, in the log and on the run's own page; fails unless all went well.

Runs without any package, so with the standard library alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from operations.errors import OperationError
from operations.github import client as github
from operations.github.variables import required

# How `deploy-stack.yml` calls its job, behind the names of those who call it.
_JOB = "deploy {}"
_NOT_RUN = "not run"


def ended(shards: Sequence[str], conclusions: Mapping[str, str]) -> dict[str, str]:
    """Pure: how each shard's job ended. One of which there is no job was left out, as after a canary that failed."""
    own = {name.rpartition(" / ")[2]: how for name, how in conclusions.items()}
    return {shard: own.get(_JOB.format(shard)) or _NOT_RUN for shard in shards}


def summary(environment: str, found: Mapping[str, str]) -> tuple[list[str], bool]:
    """Pure: the lines, and whether all are as their files say."""
    right = sum(how == "success" for how in found.values())
    last = f"{environment}: {right} of {len(found)} shards that had anything to do are as their files say"
    return [*(f"{shard}: {how}" for shard, how in found.items()), last], right == len(found)


def main(variables: Mapping[str, str]) -> int:
    """The exit code; what cannot be asked is one line on stderr."""
    try:
        environment, repository, run, *lists = (required(variables, name) for name in VARIABLES)
        shards = [shard for text in lists for shard in json.loads(text)]
        lines, right = summary(environment, ended(shards, github.conclusions(repository, run)))
    except OperationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    page = variables.get("GITHUB_STEP_SUMMARY")
    if page:
        with Path(page).open("a", encoding="utf-8") as file:
            file.write("".join(f"- {line}\n" for line in lines))
    if not right:
        print("error: a shard is not complete: the log of its job says why; re-run the failed jobs", file=sys.stderr)
    return 0 if right else 1


VARIABLES = ("ENVIRONMENT", "REPOSITORY", "RUN_ID", "CANARIES", "SHARDS")


if __name__ == "__main__":
    sys.exit(main(os.environ))
