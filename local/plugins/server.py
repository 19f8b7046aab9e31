"""A provider plugin's process: serve, print the port, end with the engine that started it."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS

# As many calls at once as the engine's widest usual --parallel; most of them only wait.
_CALLS_AT_ONCE = 64
_PARENT_CHECK_SECONDS = 0.25


def serve(register: Callable[[grpc.Server], None], stop: Callable[[], None] = lambda: None) -> None:
    """Serve on a free loopback port until the engine ends us or is gone; `stop` then ends what we started.

    The engine ends a plugin with SIGINT and kills it 5 s later. If the engine itself is killed nobody tells us, so the
    parent's id is watched.
    """
    server = grpc.server(ThreadPoolExecutor(_CALLS_AT_ONCE), options=_GRPC_CHANNEL_OPTIONS)
    register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # A pipe, as a handler may not wait for a lock, which an Event has: its own thread can be the one that holds it.
    asked, ask = os.pipe()

    def end(_signal: int, _frame: FrameType | None) -> None:
        os.write(ask, b"\0")

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    parent = os.getppid()
    while not select.select([asked], [], [], _PARENT_CHECK_SECONDS)[0] and os.getppid() == parent:
        pass
    stop()
    # Calls in flight have no one to answer to; waiting for their threads would hold up the engine.
    os._exit(0)
