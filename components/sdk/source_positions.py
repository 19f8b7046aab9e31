"""Keeps the program's own source positions out of the state.

The SDK sends the whole stack of every constructor with it, and the engine keeps that: over half of a tenant's state,
with paths of whoever ran it last. It has no switch, but takes no more frames than Python's limit for tracebacks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# One frame is the SDK's own, which it leaves out; with none at all it would not work.
_FRAMES = 1


@contextmanager
def without_source_positions() -> Iterator[None]:
    """Resources made inside have no source position; an error that leaves it has its whole traceback again."""
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = _FRAMES
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before
