"""The README tells the truth: its tenant is the repository's, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_the_tenant_shown_is_the_one_deployed() -> None:
    shown = re.search(r"```yaml\n# (?P<file>\S+)\n(?P<content>.*?)```", README, re.DOTALL)
    assert shown
    assert shown["content"] == (ROOT / shown["file"]).read_text()


def test_every_command_shown_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = set(re.findall(r"\bmake ([a-z]+)", README))
    assert shown
    assert shown <= targets


def test_every_folder_named_is_there() -> None:
    named = re.findall(r"^\| `([a-z/]+)/` \|", README, re.MULTILINE)
    assert named
    assert all((ROOT / name).is_dir() for name in named)
