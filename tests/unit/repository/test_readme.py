"""The README tells the truth: its tenant is the repository's, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

from tests.written_commands import is_a_form, pages, written

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text()


def test_the_tenant_shown_is_the_one_deployed() -> None:
    shown = re.search(r"```yaml\n# (?P<file>\S+)\n(?P<content>.*?)```", README, re.DOTALL)
    assert shown
    assert shown["content"] == (ROOT / shown["file"]).read_text()


def test_commands_are_found_and_what_only_looks_like_one_is_none() -> None:
    """They are run by tests/e2e/test_written_commands.py, all of them, so none may be overlooked."""
    shown = {command for page in pages() for lines in written(page) for command in lines}
    assert {"make up", 'eval "$(make env)"', "pulumi stack init prod --secrets-provider passphrase"} <= shown
    assert not {command for command in shown if "#" in command or command in ("pulumi", "make")}
    assert is_a_form("pulumi config set --secret --path kubeconfigs.<name>")


def test_every_folder_named_is_there() -> None:
    named = re.findall(r"^\| `([a-z/]+)/` \|", README, re.MULTILINE)
    assert named
    assert all((ROOT / name).is_dir() for name in named)
