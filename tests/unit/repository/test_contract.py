"""The contract is in the repository: each section that code cites is there, and its page of assumptions is current."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from local.emulator.configuration.assumption_page import PAGE, sections, text
from local.emulator.configuration.assumptions import Assumptions

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "contract"
PAGES = sorted(FOLDER.glob("*.md"))
_SECTION = re.compile(r"^#+ (\d+(?:\.\d+)?) ", re.MULTILINE)
_NUMBER = r"[1-9]\d?(?:\.\d+)?"
_CITATION = re.compile(rf"\bcontract ({_NUMBER}(?:, {_NUMBER})*)")
# What means a section, but is not written as all others are: `contract, 3.1`, `contract 4.1 to 4.4`, `(2.5)` alone.
_OTHERWISE = re.compile(
    rf"\bcontract(?:'s)?\W{{1,3}}(?:section )?{_NUMBER}|\bcontract (?:to|and|or) {_NUMBER}"
    r"|\(\d\.\d(?:, \d\.\d)*\)|, \d\.\d\)"
)
_SPAN = re.compile(rf"\(({_NUMBER}(?:, {_NUMBER})*)(?: above| below)?\)")


def existing() -> list[str]:
    """Section numbers of all pages, repeated ones too."""
    return [number for page in PAGES for number in _SECTION.findall(page.read_text())]


def prose(source: str) -> Iterator[str]:
    """Each docstring of a module, and each comment, one line each."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield " ".join(node.value.value.split())
    last, comment = -1, ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            if token.start[0] != last + 1:
                yield comment
                comment = ""
            comment, last = f"{comment} {token.string.lstrip('#: ')}", token.start[0]
    yield comment


def cited() -> dict[str, list[str]]:
    """Of each file that cites the contract: the sections."""
    found: dict[str, list[str]] = {}
    for path in modules():
        for passage in prose((ROOT / path).read_text()):
            for match in _CITATION.finditer(passage):
                found.setdefault(path, []).extend(match[1].split(", "))
    return found


def otherwise(passage: str) -> list[str]:
    """What in it cites the contract in another form."""
    return _OTHERWISE.findall(_CITATION.sub("contract", passage))


def modules() -> list[str]:
    """Every Python file of the repository, but this one, whose comments show how not to cite."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for path in listed.split() if path != "tests/unit/repository/test_contract.py"]


def test_every_section_number_is_unique() -> None:
    assert {number: count for number, count in Counter(existing()).items() if count > 1} == {}


def test_every_section_that_code_cites_exists() -> None:
    assert len(cited()) > 60
    known = set(existing())
    assert {path: missing for path, each in cited().items() if (missing := sorted(set(each) - known))} == {}


def test_every_citation_has_one_form() -> None:
    """`contract 2.5`, or `contract 2.1, 2.6`: a reader greps for one thing, and no citation escapes the test above."""
    found_in = {
        path: found
        for path in modules()
        for passage in prose((ROOT / path).read_text())
        if (found := otherwise(passage))
    }
    assert found_in == {}


@pytest.mark.parametrize(
    "citation",
    ["(contract, 3.1)", "contract 4.1 to 4.4", "contract 2.3 and 2.4", "what the contract (4.1) names", "see (2.5)"],
)
def test_another_form_is_found(citation: str) -> None:
    assert otherwise(citation)


@pytest.mark.parametrize(
    "citation", ["(contract 3.1)", "contract 4.1, 4.2", "contract 5; the document", "the contract"]
)
def test_the_one_form_is_left_alone(citation: str) -> None:
    assert otherwise(citation) == []


def test_the_assumptions_are_current() -> None:
    assert PAGE.read_text() == text(), "run: make schema (python -m local.emulator.configuration.assumption_page)"


def test_every_assumption_is_about_a_section_that_exists() -> None:
    rows = [line.split(" | ") for line in text().splitlines() if line.startswith("| `")]
    assert len(rows) == len(fields(Assumptions))
    assert {row[0]: row[1] for row in rows if not set(row[1].split(", ")) <= set(existing())} == {}


def test_an_assumption_without_a_section_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with its sections"):
        sections("Whatever the server does.")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_short_and_leads_only_to_what_exists(page: Path) -> None:
    content = page.read_text()
    assert content.count("\n") <= 250
    assert page.name == "README.md" or f"]({page.name})" in (FOLDER / "README.md").read_text()
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", content):
        assert (page.parent / link).exists(), link
    for span in _SPAN.findall(content):
        assert set(span.split(", ")) <= set(existing()), span
