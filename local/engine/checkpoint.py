"""Repairs the stack's state file where a run was killed while writing it; the local backend writes it in place."""

from __future__ import annotations

import json
from pathlib import Path

from local.progress import note


def repair(state: Path) -> None:
    """Put the backup in place of a stack's state file that is cut short, or start without one.

    What the lost part had recorded is found again: companies by name, keys by label, objects and releases by name.
    Only call it while no other run is at work.
    """
    _drop_torn_attributes(state.parent)
    if not state.exists() or _whole(state):
        return
    backup = state.with_name(f"{state.name}.bak")
    if _whole(backup):
        fresh = state.with_name(f".{state.name}.new")
        fresh.write_bytes(backup.read_bytes())
        fresh.replace(state)
        note("repaired: the state file was cut short by a run that died: its backup is used")
    else:
        state.unlink()
        note("repaired: the state file was cut short by a run that died: the stack's state is made anew")


def _drop_torn_attributes(folder: Path) -> None:
    """The backend keeps a checksum beside each file; without one it reads the file as it is."""
    for attributes in folder.glob("*.attrs"):
        try:
            json.loads(attributes.read_text())
        except ValueError:
            attributes.unlink()


def _whole(file: Path) -> bool:
    try:
        return "checkpoint" in json.loads(file.read_text())
    except (OSError, ValueError):
        return False
