"""One move of a tenant at a time: each takes a whole state, and puts it back with what it changed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operations.errors import OperationError


@contextmanager
def moves_alone(root: Path) -> Iterator[None]:
    """Raises OperationError at once while another process moves a tenant in this checkout.

    The system gives the lock back when its process ends, also when it is killed, and no file is left of it.
    """
    folder = os.open(root / "config", os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperationError(
                "another make shard is at work in this checkout: let it end, then run this again"
            ) from None
        yield
    finally:
        os.close(folder)
