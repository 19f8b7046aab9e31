"""Which stacks a change touches, so that the others need not be run. Pure, but for the question to git."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from operations.errors import OperationError

# The laptop's stack is nobody's service.
OWN = "local"
_FILES = re.compile(r"config/(?:Pulumi\.(?P<stack>[^/]+)\.yaml|tenants/(?P<tenants>[^/]+)/.+)")
# What every stack is made of, and what a deploy runs: its steps, its policies, how its packages are installed. The rest
# of `local/`, `rehearsal/`, `tests/`, `docs/` and the other workflows is not there in a deploy.
_PROGRAM = re.compile(
    r"(?:components|settings|operations|policy)/.+|__main__\.py|Pulumi\.yaml|requirements\.(?:in|txt)"
    r"|Makefile|local/bootstrap\.py|\.github/(?:actions/.+|workflows/deploy[^/]*\.yml)"
)


def affected(changed: Iterable[str], stacks: Sequence[str]) -> list[str]:
    """Those of `stacks`, in their order, that a change of these files touches; paths are relative to the project."""
    touched: set[str] = set()
    for file in changed:
        own = _FILES.fullmatch(file)
        if own:
            touched.add(own["stack"] or own["tenants"])
        elif _PROGRAM.fullmatch(file):
            touched.update(stacks)
    return [stack for stack in stacks if stack in touched and stack != OWN]


def changed_since(root: Path, base: str) -> list[str]:
    """Files that differ between the commit `base` and this one, also those that are gone. Raises OperationError."""
    command = [
        "git",
        "-C",
        str(root),
        "diff",
        "--name-only",
        "--no-renames",
        "-z",
        "--end-of-options",
        f"{base}...HEAD",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise OperationError(f"BASE={base!r}: {reason}; name a commit that is fetched here")
    return [file for file in done.stdout.split("\0") if file]
