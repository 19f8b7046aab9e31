"""What the program does when it is told to stop: it ends at once and says nothing, since the engine has said it all."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

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


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_USER_WAS_TOLD)
