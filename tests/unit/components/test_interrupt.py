"""The program ends without a word when the language host interrupts it, wherever it is by then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# As the program: it has said what it declares, and waits for a thread of the SDK's while Python ends.
_PROGRAM = """
import signal, threading, time
# A shell starts what it puts into the background deaf to interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
from components.sdk.interrupt import end_quietly_when_interrupted
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


# A call that the engine ends: with a code, and whatever it says.
_CALL = """
import grpc
from pulumi.runtime.settings import handle_grpc_error
from components.sdk.interrupt import end_quietly_when_the_engine_stops
end_quietly_when_the_engine_stops()
class Ended(grpc.RpcError):
    code = lambda self: grpc.StatusCode.{code}
    details = lambda self: "context canceled"
handle_grpc_error(Ended())
"""


def _called(code: str, **variables: str) -> tuple[int, str]:
    program = _CALL.format(code=code)
    shell = {**os.environ, **variables}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=shell, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stderr.splitlines() or [""])[-1]


@pytest.mark.parametrize("code", ["CANCELLED", "UNAVAILABLE"])
def test_a_call_that_the_engine_ends_is_no_failure_of_the_program(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said by the SDK for one of the codes only; for the other, a traceback that ends with `context canceled`."""
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    assert _called(code, PULUMI_CONFIG="{}") == (32, "")
    assert _called(code) == (1, "pulumi.errors.RunError: Resource monitor has terminated, shutting down")


def test_what_else_a_call_ends_with_is_told() -> None:
    assert _called("UNKNOWN", PULUMI_CONFIG="{}") == (1, "Exception: context canceled")


def test_a_caller_that_runs_the_program_in_its_own_process_keeps_its_interrupts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    code, said = _interrupted()
    assert code != 32
    assert "KeyboardInterrupt" in said
