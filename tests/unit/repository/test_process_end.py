"""Each process of a run ends without a look at all that it has imported: whoever waits for it waits for that, too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# What refers to itself is found by nothing but such a look, the last of which is after all that a process does.
_WITNESS = """
import os

class Witness:
    def __init__(self):
        self.itself = self

    def __del__(self):
        os.write(1, b"looked")

witness = Witness()
"""
_PROCESSES = {
    "program": "from components.sdk.garbage import collect_rarely\ncollect_rarely()",
    "provider": "from components.clearml.run import process_end\nprocess_end.hasten()\nprocess_end.hasten()",
    "make up": "import click\nfrom operations.command_line import group, run\nrun(group('None.'), ['--help'])",
}


def _said(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code + _WITNESS], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_python_looks_for_garbage_at_its_end() -> None:
    """Else the test below would say nothing."""
    assert _said("") == "looked"


@pytest.mark.parametrize("process", _PROCESSES)
def test_no_process_of_a_run_looks_for_garbage_at_its_end(process: str) -> None:
    assert not _said(_PROCESSES[process]).endswith("looked")
