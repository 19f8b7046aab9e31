"""A stack's files as a commit has them, laid out in a folder of their own, to be loaded like any others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from operations.files.git import contents_of, git, output_of
from operations.files.merge import LINK, PLAIN_FILE
from settings.facts import file_of, stack_file_of


@contextmanager
def files_at(root: Path, commit: str, stack: str) -> Iterator[Path]:
    """A project with the files that `stack` had at `commit` of the repository in `root`, and with no other.

    Links are left out, but those of its shards. Raises OperationError.
    """
    places = (stack_file_of(stack), file_of(stack, "").rpartition("/")[0], f":(glob)config/Pulumi.{stack}-*.yaml")
    listed = output_of(git(root, "ls-tree", "-r", "-z", commit, "--", *places), f"git ls-tree {commit}").decode()
    names: dict[str, str] = {}
    links: dict[str, str] = {}
    for entry in filter(None, listed.split("\0")):
        about, _, path = entry.partition("\t")
        mode, _kind, name = about.split()
        if mode == PLAIN_FILE and not path.startswith(f"config/Pulumi.{stack}-"):
            names[path] = name
        elif mode == LINK:
            links[path] = name
    contents = contents_of(root, [*names.values(), *links.values()])
    own = Path(stack_file_of(stack)).name
    with TemporaryDirectory(prefix="clearml-tenants-") as folder:
        for path, name in names.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_bytes(contents[name])
        for path in (path for path, name in links.items() if contents[name].decode("utf-8", "replace") == own):
            (Path(folder) / path).symlink_to(own)
        yield Path(folder)
