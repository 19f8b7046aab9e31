"""A pull request's commit as it would be merged: fetched as objects, compared, and never checked out or run."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from operations.errors import OperationError
from operations.files.comparison import Comparison, comparison_of
from operations.files.git import git, output_of
from operations.files.merge import Entry, is_here, merge_entries, require_hash
from operations.github.affected import affected, named_in

# The objects alone: no tag, no file that names the commit, nothing of another repository inside of it.
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "origin")


@dataclass(frozen=True)
class Merge:
    """Main with a commit merged into it: `entries` are the paths that differ; `unknown` says why they are not known."""

    base: str
    entries: tuple[Entry, ...] = ()
    unknown: str = ""

    @classmethod
    def of(cls, root: Path, commit: str, token: str) -> Self:
        """Main is checked out at `root`; `token` reads the repository. A failure is in `unknown`."""
        try:
            require_hash(commit)
            if not is_here(root, commit):
                _fetch(root, commit, token)
            main = output_of(git(root, "rev-parse", "HEAD"), "git rev-parse").decode().strip()
            return cls(f"main at {main[:8]}, merged with {commit[:8]}", tuple(merge_entries(root, commit)))
        except OperationError as error:
            return cls("main", unknown=str(error))

    def affected(self, root: Path, stacks: Sequence[str]) -> Sequence[str]:
        """The stacks whose files, charts or program it touches; all, where that is not known."""
        if self.unknown:
            return stacks
        return affected((entry.path for entry in self.entries), stacks, named_in(root, stacks))

    def comparison(self, root: Path, stack: str) -> Comparison:
        """What it is for one stack; a failure is in `unknown`."""
        if self.unknown:
            return Comparison(self.base, unknown=self.unknown)
        try:
            return comparison_of(root, stack, self.entries, self.base)
        except OperationError as error:
            return Comparison(self.base, unknown=str(error))


def _fetch(root: Path, commit: str, token: str) -> None:
    """A fork's commit is in no branch of this repository; the token is in no argument and no file."""
    login = b64encode(f"x-access-token:{token}".encode()).decode()
    variables = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {login}",
    }
    output_of(git(root, *_FETCH, commit, variables=variables), f"PROPOSAL={commit}: git fetch")
