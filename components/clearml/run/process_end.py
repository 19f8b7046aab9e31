"""How the process of the providers ends: the engine waits for it, at the end of every run."""

from __future__ import annotations

import atexit
import gc
from functools import cache


@cache
def hasten() -> None:
    """Let Python not look for garbage at its end: among all that is imported, several times, a tenth of a second."""
    # What is frozen is looked at no more.
    atexit.register(gc.freeze)
