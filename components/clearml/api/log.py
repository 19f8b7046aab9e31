"""One line to the person at the terminal; the engine shows what a plugin prints as information."""

from __future__ import annotations

import sys


def log(line: str) -> None:
    """Print the line whole, in one write: four calls run at a time. Never give it a secret."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
