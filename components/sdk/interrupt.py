"""What the program does when the engine stops: it ends at once and says nothing, since the engine has said it all."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

import grpc
import pulumi
from pulumi.runtime import settings

# The official language host takes this exit code for: it failed, and the user has been told why.
_USER_WAS_TOLD = 32
# It hands the stack's configuration to the program's process in this variable.
_HOSTED = "PULUMI_CONFIG"


def end_quietly_when_interrupted() -> None:
    """Let an interrupt end this process without Python's traceback, also while it waits for its threads at the end.

    The engine's language host interrupts the program as soon as one resource fails. Nothing is done where the program
    runs in its caller's process, as under the Automation API.
    """
    if _HOSTED in os.environ and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _end)


def end_quietly_when_the_engine_stops() -> None:
    """Let a call that the engine ends, as it does with all of them once one resource fails, be no failure of its own.

    The SDK knows one of the two codes that such a call ends with, `UNAVAILABLE`; the other, `CANCELLED`, became a
    traceback that said no more than `context canceled`.
    """
    settings.grpc_error_to_exception = _told_of


def _told_of(exn: grpc.RpcError) -> Exception:
    if exn.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
        return Exception(exn.details())
    if _HOSTED in os.environ:
        _end()
    return pulumi.RunError("Resource monitor has terminated, shutting down")


def _end(_number: int = signal.SIGINT, _frame: FrameType | None = None) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_USER_WAS_TOLD)
