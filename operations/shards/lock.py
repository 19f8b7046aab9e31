"""One move or release of a tenant at a time: each takes a whole state, and puts it back with what it changed.

In one checkout the system's own lock says so, which goes with its process. Of other checkouts a tag of the platform's
stack does, which the backend keeps: it stays when its process is killed, and the same checkout takes it over.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from operations.engine import NO_TAGS, NO_VALUE, EngineStack
from operations.errors import OperationError

TAG = "clearml-tenants:move"
# A tag is set whatever stands there. Who found none before the other one's was seen has set its own by then.
_SECONDS_UNTIL_SEEN = 3.0


@contextmanager
def moves_alone(root: Path, platform: EngineStack) -> Iterator[None]:
    """Raises OperationError while another process moves a tenant of the environment, in this checkout or another one.

    A backend that keeps no tags says nothing of other checkouts.
    """
    with _alone_in_checkout(root):
        ours = f"{socket.gethostname()} {sha256(str(root.resolve()).encode()).hexdigest()[:12]}"
        if not _claimed(platform, ours):
            yield
            return
        try:
            yield
        except BaseException:
            # Why the move ended is what a person has to read; the tag that stays is told to the next one.
            with suppress(OperationError):
                _give_back(platform, ours)
            raise
        try:
            _give_back(platform, ours)
        except OperationError as error:
            raise OperationError(
                f"all is done, but that it has ended could not be written: {error}; before a move in another checkout: "
                f"{_freeing(platform)}"
            ) from None


def _claimed(platform: EngineStack, ours: str) -> bool:
    """False where no tag can be kept. Raises OperationError if another checkout has it, or if nobody could tell."""
    try:
        held = platform.tags().get(TAG, "")
    except OperationError as error:
        if NO_TAGS not in str(error):
            raise
        return False
    if held in ("", ours):
        platform.set_tag(TAG, ours)
        time.sleep(_SECONDS_UNTIL_SEEN)
        held = platform.tags().get(TAG, "")
    if held != ours:
        machine = held.partition(" ")[0] or "another machine"
        raise OperationError(
            f"another make shard or release is at work in a checkout on {machine}: let it end, then run this again; if "
            f"it was killed, run it there again, or {_freeing(platform)}"
        )
    return True


def _give_back(platform: EngineStack, ours: str) -> None:
    if platform.tags().get(TAG) == ours:
        platform.clear_tag(TAG)


def _freeing(platform: EngineStack) -> str:
    """Any engine carries it out."""
    return f"pulumi stack tag set {TAG} {NO_VALUE} --stack {platform.name}"


@contextmanager
def _alone_in_checkout(root: Path) -> Iterator[None]:
    """The system gives the lock back when its process ends, also when it is killed, and no file is left of it."""
    folder = os.open(root / "config", os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperationError(
                "another make shard or release is at work in this checkout: let it end, then run this again"
            ) from None
        yield
    finally:
        os.close(folder)
