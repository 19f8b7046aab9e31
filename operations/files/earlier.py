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
    # Links of shards have names of their own beside the stack's file, and git finds no pattern in a commit's tree.
    own, folder = stack_file_of(stack), file_of(stack, "").rpartition("/")[0]
    listed = _listed(root, commit, f"{own.rpartition('/')[0]}/") + _listed(root, commit, folder, "-r")
    names: dict[str, str] = {}
    links: dict[str, str] = {}
    for mode, name, path in listed:
        if mode == PLAIN_FILE and (path == own or path.startswith(f"{folder}/")):
            names[path] = name
        elif mode == LINK and path.startswith(f"{own.removesuffix('.yaml')}-"):
            links[path] = name
    contents = contents_of(root, [*names.values(), *links.values()])
    target = Path(own).name
    with TemporaryDirectory(prefix="clearml-tenants-") as project:
        for path, name in names.items():
            (Path(project) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(project) / path).write_bytes(contents[name])
        for path in (path for path, name in links.items() if contents[name].decode("utf-8", "replace") == target):
            (Path(project) / path).symlink_to(target)
        yield Path(project)


def _listed(root: Path, commit: str, place: str, *options: str) -> list[tuple[str, str, str]]:
    """Mode, object and path of each file there. Raises OperationError."""
    output = output_of(git(root, "ls-tree", *options, "-z", commit, "--", place), f"git ls-tree {commit}").decode()
    found = []
    for entry in filter(None, output.split("\0")):
        about, _, path = entry.partition("\t")
        mode, _kind, name = about.split()
        found.append((mode, name, path))
    return found
