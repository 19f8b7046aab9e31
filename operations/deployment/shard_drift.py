"""Whether what exists of an environment's shards is what was deployed; the platform's stack is looked at by itself."""

from __future__ import annotations

import os
import subprocess
from functools import partial
from pathlib import Path

from operations.checkpoints import preview_variables
from operations.deployment.side_by_side import side_by_side
from operations.deployment.up import Show
from operations.errors import OperationError
from operations.shards.parts import short, stacks_of


def require_no_drift(root: Path, stack: str, show: Show, jobs: int) -> None:
    """Read back what exists of each shard, at most `jobs` at a time, and show what differs; one hides no other.

    Nothing is written.

    Raises OperationError if any does, or cannot be asked.
    """
    _, *shards = stacks_of(root, stack)
    found = side_by_side(shards, partial(_as_deployed, root, show), jobs)
    wrong = [short(shard) for shard, as_deployed in zip(shards, found, strict=True) if not as_deployed]
    if wrong:
        raise OperationError(
            f"stack {stack}: {len(wrong)} of {len(shards)} shards are not as they were deployed, see above: "
            f"{', '.join(wrong)}"
        )
    show(f"{short(stack)}: {len(shards)} shards are as they were deployed")


def _as_deployed(root: Path, show: Show, shard: str) -> bool:
    """All that the engine says of one is shown at once, so that no two are mixed."""
    command = ("pulumi", "preview", "--stack", shard, "--refresh", "--expect-no-changes", "--diff")
    try:
        done = subprocess.run(
            (*command, "--suppress-outputs", "--non-interactive"),
            cwd=root,
            env=preview_variables(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise OperationError("pulumi is not on PATH: install it, then run this again") from None
    said = "\n".join(f"{short(shard)} | {line}" for line in done.stdout.splitlines() if line.strip())
    end = "as it was deployed" if not done.returncode else "not as it was deployed, or it cannot be asked"
    show(f"{said}\n{short(shard)}: {end}" if said else f"{short(shard)}: {end}")
    return not done.returncode
