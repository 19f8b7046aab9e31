"""Secrets that a command, or a library, reads from a path: nothing is left of them, however this process ends.

Neither `finally` nor `atexit` runs at SIGTERM, at SIGKILL, or at `os._exit`. May import nothing of ours.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

# It lives in a session of its own: what ends a whole group of processes does not end it too. `read` returns when the
# last process that holds the other end of the pipe is gone.
_REMOVAL = 'trap "" INT TERM HUP; read -r _; rm -rf -- "$1"'


class PrivateFile(NamedTuple):
    """`path` leads to the text; a command that is to read it is handed the `descriptors`."""

    path: str
    descriptors: tuple[int, ...] = ()


@contextmanager
def private_file(text: str) -> Iterator[PrivateFile]:
    """The text at a path, for as long as the block runs: in anonymous memory, on no disk, where Linux has that.

    Elsewhere in a file of a `private_folder`: on macOS all who open `/dev/fd/N` share one position in it, so that a
    second reader would find nothing.
    """
    with ExitStack() as open_:
        if not hasattr(os, "memfd_create"):
            path = open_.enter_context(private_folder()) / "text"
            path.touch(mode=0o600)
            path.write_text(text)
            yield PrivateFile(str(path))
            return
        with os.fdopen(os.memfd_create("private"), "w") as file:
            file.write(text)
            file.flush()
            yield PrivateFile(f"/dev/fd/{file.fileno()}", (file.fileno(),))


@contextmanager
def private_folder() -> Iterator[Path]:
    """A new, empty folder that only this user can enter, gone with all that is in it at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="clearml-tenants-"))
    with removed_at_the_end(folder):
        yield folder


@contextmanager
def removed_at_the_end(path: Path) -> Iterator[None]:
    """Remove the file or folder at the end of the block, or when this process ends: another one waits for that."""
    with subprocess.Popen(
        ("/bin/sh", "-c", _REMOVAL, "sh", str(path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ):
        yield


@cache
def folder_of_this_process() -> Path:
    """One `private_folder` that is there until this process ends."""
    open_ = ExitStack()
    atexit.register(open_.close)
    return open_.enter_context(private_folder())
