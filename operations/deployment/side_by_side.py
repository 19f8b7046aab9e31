"""Does the same for several stacks at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from operations.errors import OperationError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def side_by_side(items: Sequence[_Item], act: Callable[[_Item], _Result], jobs: int) -> list[_Result]:
    """What each led to, in the order of `items`; at most `jobs` at a time. With 1, all of it is in this thread."""
    if jobs == 1:
        return [act(item) for item in items]
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(act, items))


def jobs_of(text: str) -> int:
    """How many at a time JOBS says; as many as there are cores where it says nothing. Raises OperationError."""
    if not text:
        return os.cpu_count() or 1
    if not (text.isascii() and text.isdigit() and int(text)):
        raise OperationError(f"JOBS={text!r}: write how many shards run at a time, like JOBS=4")
    return int(text)
