"""The project as it was at a commit, and as it is now: two folders, made without touching git's own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from local.errors import LocalError
from operations.errors import OperationError
from operations.files import base
from settings.shards import tenant_files


def base_of(root: Path, wanted: str) -> str:
    """The commit to compare with: where this branch left `wanted`, or the main one. Raises LocalError."""
    try:
        return base.base_of(root, wanted)
    except OperationError as error:
        raise LocalError(str(error)) from None


def copy_of_commit(root: Path, commit: str, folder: Path) -> None:
    """Write the commit's files into the new `folder`. Raises LocalError."""
    folder.mkdir(parents=True)
    archive = folder.with_suffix(".tar")
    _git(root, "archive", "--format=tar", f"--output={archive}", commit)
    try:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
    except tarfile.TarError as cause:
        raise LocalError(f"commit {commit}: {cause}: nothing outside of the project may be linked to") from None
    archive.unlink()
    _packages(folder)


def copy_of_files(root: Path, folder: Path) -> None:
    """Copy what git tracks or would track into the new `folder`, as it lies there now, links as links.

    Raises LocalError.
    """
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name, follow_symlinks=False)
    _packages(folder)


def homes_in(copy: Path, environment: str) -> Mapping[str, tuple[str, ...]]:
    """By tenant, the shard that its file is in, empty for the environment's own folder; to have several is a fault."""
    found: dict[str, tuple[str, ...]] = {}
    for shard, path in tenant_files(copy, environment):
        if path.suffix == ".yaml":
            found[path.stem] = (*found.get(path.stem, ()), shard)
    return found


def names_clusters(folder: Path) -> bool:
    """Whether the copy's own program knows the key `cluster` of where workers run."""
    schema = folder / "config" / "schema" / "tenant.json"
    models = json.loads(schema.read_text())["$defs"] if schema.is_file() else {}
    # The second is its name in a base of before.
    reference = models.get("ClusterRef", models.get("Place", {}))
    return "cluster" in reference.get("properties", {})


def _packages(folder: Path) -> None:
    """Pulumi.yaml names a virtual environment: the one that this runs in."""
    if not (folder / ".venv").exists():
        (folder / ".venv").symlink_to(sys.prefix)


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["there is no such commit here; fetch it, or name another"])[-1]
        raise LocalError(f"git {' '.join(arguments)}: {reason}")
    return done.stdout
