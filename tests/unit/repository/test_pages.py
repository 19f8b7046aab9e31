"""Pages for contributors name files that exist, and the README stays one page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("README.md", "SECURITY.md", *(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))
# A path of this repository, wherever it stands: in a sentence, a table, or a drawn walk.
_PATH = re.compile(
    r"(?<![\w./-])(?:\.github|components|config|docs|local|operations|policy|rehearsal|settings|tests)/"
    r"[\w./-]*\w/?(?![\w<*{]|\.<)"
)
_OWN = re.compile(r"acme|<|\*|globex")
_LINK = re.compile(r"\]\((?!https?:)(?P<file>[^)#\s]*)(?:#(?P<heading>[^)\s]+))?\)")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_named_is_there(page: str) -> None:
    named = {path for path in _PATH.findall((ROOT / page).read_text()) if not _OWN.search(path)}
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in _LINK.finditer((ROOT / page).read_text()):
        target = (ROOT / page).parent / link["file"] if link["file"] else ROOT / page
        assert target.exists(), link[0]
        if link["heading"]:
            assert link["heading"] in _headings(target), link[0]


def test_readme_is_one_page() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 130


def test_glossary_is_short_and_in_order() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)[1:]
    terms = [row for row in rows if not row.startswith("-")]
    assert len(terms) <= 40
    assert terms == sorted(terms, key=str.casefold)


def _headings(page: Path) -> set[str]:
    """As GitHub makes anchors of them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
