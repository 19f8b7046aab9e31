"""Room on disk: asked for before a build, explained when it runs out."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.errors import LocalError

_GB = 1_000_000_000


@contextmanager
def explained(where: Path) -> Iterator[None]:
    """Turn a full or read-only disk into one line about `where`."""
    try:
        yield
    except OSError as cause:
        if cause.errno in (errno.ENOSPC, errno.EDQUOT):
            problem = "no room left on the disk"
        elif cause.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            problem = cause.strerror or str(cause)
        else:
            raise
        raise LocalError(
            f"{where}: {problem}: mend that or set CLEARML_TENANTS_CACHE to another folder, then run again"
        ) from cause


def require(folders: Iterable[Path], gigabytes: float) -> None:
    """Raise LocalError unless each folder's disk has that much free; a folder may not exist yet."""
    for folder in folders:
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(there).free / _GB
        if free < gigabytes:
            raise LocalError(
                f"{folder}: {free:.1f} GB free, building the tools takes about {gigabytes:.1f} GB: make room, or set "
                "CLEARML_TENANTS_CACHE, GOCACHE and GOMODCACHE to folders on a larger disk, then run again"
            )
