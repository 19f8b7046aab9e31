"""git, asked about this repository's own objects: nothing of a commit is checked out, and nothing in it is run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from operations.errors import OperationError


def git(
    root: Path, *arguments: str, given: bytes = b"", variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """One command, however it ends, with `variables` beside this process's own. Raises OperationError without git."""
    # Not even the index is refreshed, which another command may be writing.
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    surroundings = {**os.environ, **(variables or {})}
    try:
        return subprocess.run(command, input=given, env=surroundings, capture_output=True, check=False)
    except FileNotFoundError:
        raise OperationError("git is not on PATH: install it, then run this again") from None


def output_of(done: subprocess.CompletedProcess[bytes], what: str) -> bytes:
    """stdout. Raises OperationError with git's last line if it failed."""
    if done.returncode:
        reason = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"])[-1]
        raise OperationError(f"{what}: {reason}")
    return done.stdout


def sizes_of(root: Path, objects: Iterable[str]) -> Mapping[str, int]:
    """Bytes of each object that is a file and is here. Raises OperationError."""
    told = _cat_file(root, "--batch-check", objects).decode().splitlines()
    return {line.split()[0]: int(line.split()[2]) for line in told if line.split()[1] == "blob"}


def contents_of(root: Path, objects: Iterable[str]) -> Mapping[str, bytes]:
    """The content of each file object. Raises OperationError."""
    wanted = list(dict.fromkeys(objects))
    return dict(zip(wanted, _batch(_cat_file(root, "--batch", wanted), len(wanted)), strict=True))


def _cat_file(root: Path, how: str, objects: Iterable[str]) -> bytes:
    names = "".join(f"{name}\n" for name in dict.fromkeys(objects))
    return output_of(git(root, "cat-file", how, given=names.encode()), "git cat-file")


def _batch(output: bytes, count: int) -> Iterator[bytes]:
    at = 0
    for _ in range(count):
        end = output.index(b"\n", at)
        size = int(output[at:end].split()[2])
        yield output[end + 1 : end + 1 + size]
        at = end + size + 2
