"""The commit that the files are compared with: where the branch left main."""

from __future__ import annotations

from pathlib import Path

from operations.errors import OperationError
from operations.files.git import git

_MAINS = ("origin/HEAD", "origin/main", "main")


def base_of(root: Path, wanted: str) -> str:
    """Where what is checked out at `root` left the commit `wanted`, or main if it is empty. Raises OperationError.

    What came there since is not this branch's, and would be told backwards.
    """
    named = (wanted,) if wanted else _MAINS
    commit = next(filter(None, (_commit(root, name) for name in named)), "")
    if not commit:
        missing = f"BASE={wanted!r}: there is no such commit here; fetch it, or name another"
        raise OperationError(missing if wanted else "there is no branch main to compare with: name a commit by BASE=…")
    bases = git(root, "merge-base", "--all", "HEAD", commit).stdout.decode().split()
    if len(bases) == 1:
        return bases[0]
    why = "have no commit in common" if not bases else f"have {len(bases)} merge bases, of which none is the right one"
    raise OperationError(f"BASE={wanted or 'main'}: this branch and that {why}: merge that into this branch first")


def _commit(root: Path, name: str) -> str:
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return found.stdout.decode().strip() if not found.returncode else ""
