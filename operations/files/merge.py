"""What main's files would be after a branch is merged, read from git's own objects: nothing of the branch is checked
out, and nothing in it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from operations.errors import OperationError
from operations.files.git import git, output_of

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
PLAIN_FILE = "100644"
LINK = "120000"


@dataclass(frozen=True)
class Entry:
    """A path that differs: mode and object before and after, as git has them; mode 000000 is no file."""

    path: str
    old_mode: str
    new_mode: str
    old: str
    new: str

    @property
    def is_gone(self) -> bool:
        return self.new_mode == "000000"

    @property
    def objects(self) -> Iterator[str]:
        """Those that are there."""
        yield from (name for name in (self.old, self.new) if name.strip("0"))


def merge_entries(root: Path, commit: str) -> list[Entry]:
    """Every path in which main, which is checked out at `root`, differs from itself with `commit` merged.

    A branch that is behind main takes nothing of main back. Where the two have several merge bases, git merges these
    first, as GitHub does. Raises OperationError for a conflict, and for a commit that is not here, which one is that
    was pushed over since.
    """
    require_hash(commit)
    if not is_here(root, commit):
        raise OperationError(f"PROPOSAL={commit}: is not here any more; the branch was pushed over, see its newest run")
    merged = git(root, "merge-tree", "--write-tree", "--no-messages", "HEAD", commit)
    if merged.returncode == 1:
        raise OperationError(f"PROPOSAL={commit}: conflicts with main; merge main into the branch and push it")
    tree = output_of(merged, f"PROPOSAL={commit}").decode().strip()
    listed = git(root, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "HEAD", tree)
    return list(entries_in(output_of(listed, "git diff-tree")))


def entries_in(raw: bytes) -> Iterator[Entry]:
    """The paths of a difference as git writes it with `--raw -z --no-renames --no-abbrev`."""
    fields = raw.split(b"\0")[:-1]
    for about, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, new_mode, old, new, _status = about.decode().removeprefix(":").split()
        yield Entry(path.decode("utf-8", "backslashreplace"), old_mode, new_mode, old, new)


def require_hash(commit: str) -> None:
    """Raises OperationError for what is not a commit's whole hash."""
    if not _COMMIT.fullmatch(commit):
        raise OperationError(f"PROPOSAL={commit!r}: name a commit by its whole hash")


def is_here(root: Path, commit: str) -> bool:
    """Whether git has the commit itself."""
    return not git(root, "cat-file", "-e", f"{commit}^{{commit}}").returncode
