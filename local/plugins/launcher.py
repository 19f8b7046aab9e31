"""Launchers of our own plugins: tiny shell scripts that run a Python module with this checkout's Python."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

_MARK = "# A stand-in plugin's launcher, written by `python -m local`."


def launcher_text(root: Path, module: str) -> str:
    """The script; the engine starts it in the program's folder, which need not be `root`.

    What a shell holds for another Python would put other packages before those of this one, or compile all anew.
    """
    python, place = shlex.quote(sys.executable), shlex.quote(str(root))
    return (
        f"#!/bin/sh\n{_MARK}\n"
        f"unset PYTHONHOME PYTHONSAFEPATH PYTHONDONTWRITEBYTECODE\nPYTHONPATH={place}\nexport PYTHONPATH\n"
        f'exec {python} -u -m {module} "$@"\n'
    )


def write_launcher(target: Path, root: Path, module: str) -> None:
    """Write it unless it is there already, whole or not at all. Raises OSError."""
    text = launcher_text(root, module)
    if not target.is_symlink() and target.is_file() and os.access(target, os.X_OK) and target.read_text() == text:
        return
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_text(text)
    fresh.chmod(0o755)
    fresh.replace(target)


def is_ours(executable: Path) -> bool:
    """Whether it is such a launcher, of any checkout."""
    with executable.open("rb") as file:
        return _MARK.encode() in file.read(200)


def runs(launcher: Path, module: str) -> bool:
    """Whether such a launcher starts this module."""
    return f" -m {module} " in launcher.read_text()
