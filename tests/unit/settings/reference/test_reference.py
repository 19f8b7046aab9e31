"""The reference says what the models say, and the guides name only what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from settings.reference.reference import FILE, text

ROOT = Path(__file__).resolve().parents[4]
GUIDES = sorted(path for path in (ROOT / "docs").glob("*.md") if path != FILE)


def test_the_reference_is_current() -> None:
    assert FILE.read_text() == text(), "run: make schema (python -m settings.reference.reference)"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_target_and_every_page_that_a_guide_names_is_there(guide: Path) -> None:
    content = guide.read_text()
    targets = {name for line in re.findall(r"^([a-z ]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
               for name in line.split()}  # fmt: skip
    assert set(re.findall(r"`?make ([a-z]+)\b(?=[ `\n])", _commands(content))) <= targets
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", content):
        assert (guide.parent / link).exists(), link


def _commands(content: str) -> str:
    """What stands as code: in blocks and between backticks."""
    return "\n".join([*re.findall(r"```sh\n(.*?)```", content, re.DOTALL), *re.findall(r"`make [^`]*`", content)])
