"""A release file turned into executables in one flat folder; nothing is ever written outside it."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from local.errors import LocalError
from local.toolchain.tool import Asset

_EXECUTABLE = 0o111


def unpack(file: Path, asset: Asset, name: str, folder: Path) -> None:
    """Write the executables that lie in the asset's folder; a file that is no archive is the executable `name` itself.

    Raises LocalError for a broken archive, a member with an unsafe path, or one without `name`.
    """
    if asset.file.endswith(".tar.gz"):
        _from_tar(file, asset, name, folder)
    elif asset.file.endswith(".zip"):
        _from_zip(file, asset, name, folder)
    else:
        shutil.copyfile(file, folder / name)
        (folder / name).chmod(0o755)
    if not (folder / name).is_file():
        where = asset.folder or "its top folder"
        raise LocalError(f"{asset.url}: has no {name} in {where}: report it, or put {name} on PATH")


def _from_tar(file: Path, asset: Asset, name: str, folder: Path) -> None:
    with _readable(asset), tarfile.open(file, "r:gz") as archive:
        for member in archive:
            wanted = _wanted(asset, member.name)
            stream = archive.extractfile(member) if wanted and member.isfile() else None
            if stream and (member.mode & _EXECUTABLE or wanted == name):
                _write(stream, folder / str(wanted))


def _from_zip(file: Path, asset: Asset, name: str, folder: Path) -> None:
    with _readable(asset), zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            wanted = _wanted(asset, member.filename)
            if wanted and not member.is_dir() and ((member.external_attr >> 16) & _EXECUTABLE or wanted == name):
                with archive.open(member) as stream:
                    _write(stream, folder / wanted)


def _wanted(asset: Asset, member: str) -> str | None:
    """The plain file name of a member that lies in the asset's folder, None for any other."""
    path = PurePosixPath(member)
    if path.is_absolute() or ".." in path.parts:
        raise LocalError(f"{asset.url}: has a member with the unsafe path {member!r}: nothing was installed; report it")
    return path.name if path.name and path.parent == PurePosixPath(asset.folder) else None


def _write(stream: IO[bytes], target: Path) -> None:
    with target.open("wb") as out:
        shutil.copyfileobj(stream, out)
    target.chmod(0o755)


@contextmanager
def _readable(asset: Asset) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error) as cause:
        raise LocalError(f"{asset.url}: is not a readable archive ({cause}): run again, or report it") from cause
