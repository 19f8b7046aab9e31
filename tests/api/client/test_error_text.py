"""A failed resource is shown by its sentence alone: no class, no module, no lines of code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pulumi.automation import CommandError

from tests.api.stack import Declared, Stack
from tests.emulator import Emulator

ROOT = Path(__file__).resolve().parents[3]
# As the SDK's servicer does it: what a provider raises is told as `format_exc` has it.
_PROCESS = """
import sys, traceback
from components.clearml.api.error_text import show_sentences
from components.clearml.run.company_refusals import NameTaken
show_sentences()
show_sentences()
for error in (NameTaken("Acme", "company 7 has it"), KeyError("x")):
    try:
        try:
            raise ValueError("the cause")
        except ValueError:
            raise error
    except Exception:
        print(traceback.format_exc().strip())
"""


def test_an_error_of_ours_is_its_sentence_and_any_other_its_name() -> None:
    done = subprocess.run([sys.executable, "-c", _PROCESS], cwd=ROOT, capture_output=True, text=True, check=True)
    ours, *others = done.stdout.splitlines()
    assert ours.startswith("no company can be named 'Acme' now: company 7 has it: choose another name")
    assert others[-1] == "KeyError: 'x'"
    assert not [line for line in others if line.lstrip().startswith("File ")]


def test_a_failed_resource_on_the_engine(tmp_path: Path, engine: Path, emulator: Emulator) -> None:
    folder = tmp_path / "stack"
    folder.mkdir()
    stack = Stack(folder, engine, emulator, Declared())
    stack.configure("apiserverSecret", "not-the-secret", secret=True)
    with pytest.raises(CommandError):
        stack.up()
    assert "apiserverKey" in stack.said
    assert "components." not in stack.said
    assert "Traceback" not in stack.said
