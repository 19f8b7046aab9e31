"""Links to executables, put in place whole or not at all."""

from __future__ import annotations

from pathlib import Path


def point(link: Path, target: Path) -> None:
    """Make `link` lead to `target`; one that does already is left alone. Raises OSError."""
    if link.is_symlink() and link.readlink() == target:
        return
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
