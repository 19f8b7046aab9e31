"""What a machine has installed: programs that only have to be there, and the engine's release."""

from __future__ import annotations

from pathlib import Path

from local.checkout import Checkout


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


def engine_release(checkout: Checkout, folder: Path) -> Path:
    """The engine's release in a folder, linked as the engine in use; returns the folder."""
    for name in ("pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python"):
        executable(folder / name)
    checkout.bin.mkdir(parents=True)
    (checkout.bin / "pulumi").symlink_to(folder / "pulumi")
    return folder
