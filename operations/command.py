"""Runs `pulumi` and `helm` with argument lists; no secret is ever an argument."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from operations.errors import OperationError

SECONDS = 300


def is_on(shell: Mapping[str, str], name: str) -> bool:
    """Whether a variable is set to what the engine takes for a yes."""
    return shell.get(name, "").lower() in ("1", "true")


def output(
    *command: str,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    given: str = "",
    descriptors: Collection[int] = (),
    then: str = "try again",
    seconds: int = SECONDS,
) -> str:
    """stdout; `given` is what the command reads, `descriptors` are open to it too.

    Raises OperationError with the command's first two words, its last line, and what to do `then`.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(variables or {})},
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
            pass_fds=descriptors,
        )
    except FileNotFoundError:
        raise OperationError(f"{command[0]} is not on PATH: install it, then run this again") from None
    except subprocess.TimeoutExpired:
        raise OperationError(f"{_named(command)}: no end within {seconds} s: {then}") from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1].removeprefix("Error: ")
        raise OperationError(f"{_named(command)}: {reason.removeprefix('error: ')}: {then}")
    return done.stdout


def _named(command: tuple[str, ...]) -> str:
    return " ".join((Path(command[0]).name, *command[1:2]))
