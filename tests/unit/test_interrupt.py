"""The program ends without a word when the language host interrupts it, wherever it is by then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# As the program: it has said what it declares, and waits for a thread of the SDK's while Python ends.
_PROGRAM = """
import signal, threading, time
# A shell starts what it puts into the background deaf to interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
from components.interrupt import end_quietly_when_interrupted
end_quietly_when_interrupted()
threading.Thread(target=time.sleep, args=[20]).start()
print("waiting", flush=True)
"""


def _interrupted(**variables: str) -> tuple[int, str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    try:
        return_code = process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        return_code = -9
    return return_code, process.communicate()[1]


def test_a_hosted_program_ends_at_once_and_without_a_traceback() -> None:
    """A refused removal ended in a KeyboardInterrupt's traceback above the plain line."""
    assert _interrupted(PULUMI_CONFIG="{}") == (32, "")


def test_a_caller_that_runs_the_program_in_its_own_process_keeps_its_interrupts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    code, said = _interrupted()
    assert code != 32
    assert "KeyboardInterrupt" in said
