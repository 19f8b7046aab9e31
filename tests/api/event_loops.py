"""The event loops of programs whose engine failed: the SDK may leave them open, and their server of hooks at work.

It closes them by itself where nothing fails on the way there, from a thread of its own and maybe just now. Once one
that it left open is freed, what still comes in for its server takes the whole process of the tests with it.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

_LONGEST = 10.0
_TO_CLOSE = 0.3
_left: list[asyncio.AbstractEventLoop] = []


def note_running() -> None:
    """Called by a program: its loop is to be closed, whatever becomes of its engine."""
    _left.append(asyncio.get_running_loop())


def close_left() -> None:
    """Called between two runs of an engine: end what is unfinished in loops of programs before, and close them."""
    while _left:
        loop = _left.pop()
        until = time.monotonic() + _LONGEST
        while loop.is_running() and time.monotonic() < until:
            time.sleep(0.01)
        until = time.monotonic() + _TO_CLOSE
        while not loop.is_closed() and time.monotonic() < until:
            time.sleep(0.01)
        # The SDK's thread may be about it after all: then it runs already, or is closed under our hands.
        with suppress(RuntimeError, ValueError):
            if not loop.is_closed():
                _end(loop)


def _end(loop: asyncio.AbstractEventLoop) -> None:
    """The SDK may have stopped the loop beforehand, which ends its next run at once, and does so at each error."""
    loop.set_exception_handler(lambda _loop, _context: None)
    loop.call_soon(loop.stop)
    loop.run_forever()
    unfinished = asyncio.all_tasks(loop)
    for task in unfinished:
        task.cancel()
    if unfinished:
        loop.run_until_complete(asyncio.gather(*unfinished, return_exceptions=True))
    loop.close()
