"""What main's files would be after a branch is merged, read from git's own objects: nothing of the branch is checked
out, and nothing in it is run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from operations.errors import OperationError

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
PLAIN_FILE = "100644"


@dataclass(frozen=True)
class Entry:
    """A path that the merge changes: mode and object before and after, as git has them; mode 000000 is no file."""

    path: str
    old_mode: str
    new_mode: str
    old: str
    new: str

    @property
    def is_gone(self) -> bool:
        return self.new_mode == "000000"


def merge_entries(root: Path, commit: str) -> list[Entry]:
    """Every path in which main, which is checked out at `root`, differs from itself with `commit` merged.

    A branch that is behind main takes nothing of main back. Raises OperationError for a commit that is not fetched
    here, which one is that was pushed over since, for a conflict, and where somebody's work would be written over.
    """
    if _output(_git(root, "status", "--porcelain", "--", "config"), "git status"):
        raise OperationError(
            "config/ has changes that are not committed: this is a step of a workflow, on a fresh copy"
        )
    if not _COMMIT.fullmatch(commit):
        raise OperationError(f"PROPOSAL={commit!r}: name a commit by its whole hash")
    if _git(root, "cat-file", "-e", f"{commit}^{{commit}}").returncode:
        raise OperationError(f"PROPOSAL={commit}: is not here any more; the branch was pushed over, see its newest run")
    merged = _git(root, "merge-tree", "--write-tree", "--no-messages", "HEAD", commit)
    if merged.returncode == 1:
        raise OperationError(f"PROPOSAL={commit}: conflicts with main; merge main into the branch and push it")
    tree = _output(merged, f"PROPOSAL={commit}").decode().strip()
    listed = _git(root, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "HEAD", tree)
    fields = _output(listed, "git diff-tree").split(b"\0")[:-1]
    return [_entry(about.decode(), path) for about, path in zip(fields[::2], fields[1::2], strict=True)]


def contents_of(root: Path, objects: Sequence[str]) -> Mapping[str, bytes]:
    """The content of each file object. Raises OperationError."""
    wanted = list(dict.fromkeys(objects))
    asked = _git(root, "cat-file", "--batch", sent="".join(f"{name}\n" for name in wanted).encode())
    return dict(zip(wanted, _batch(_output(asked, "git cat-file"), len(wanted)), strict=True))


def _batch(output: bytes, count: int) -> Iterator[bytes]:
    at = 0
    for _ in range(count):
        end = output.index(b"\n", at)
        size = int(output[at:end].split()[2])
        yield output[end + 1 : end + 1 + size]
        at = end + size + 2


def _entry(about: str, path: bytes) -> Entry:
    old_mode, new_mode, old, new, _status = about.removeprefix(":").split()
    return Entry(path.decode("utf-8", "backslashreplace"), old_mode, new_mode, old, new)


def _output(done: subprocess.CompletedProcess[bytes], what: str) -> bytes:
    if done.returncode:
        reason = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"])[-1]
        raise OperationError(f"{what}: {reason}")
    return done.stdout


def _git(root: Path, *arguments: str, sent: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(root), *arguments], input=sent, capture_output=True, check=False)
