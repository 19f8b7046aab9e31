"""A sign-in domain that people would take for another tenant's is refused or told; one of its own is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.loading.load import load
from tests.unit.asked import ACME, BETA, SECOND, STACK_FILE, TENANT, WITH_ADDRESSES, project, refusal

# All letters of another alphabet: a browser shows it so, and a registry has it.
_IN_CYRILLIC = "\u0430\u0441\u0441\u043e.example"


def _files(acme: str, beta: str) -> dict[str, str | bytes]:
    return {
        STACK_FILE: WITH_ADDRESSES,
        ACME: TENANT.replace("[acme.example]", f"[{acme}]"),
        BETA: SECOND.replace("[beta.example]", f"[{beta}]"),
    }


def _told(root: Path, acme: str, beta: str) -> list[str]:
    return [each for each in map(str, load(project(root, _files(acme, beta)), "test").warnings) if "look" in each]


@pytest.mark.parametrize("written", [_IN_CYRILLIC, _IN_CYRILLIC.encode("idna").decode()])
def test_a_whole_alphabet_that_shows_another_tenants_domain_is_refused(tmp_path: Path, written: str) -> None:
    line = refusal(tmp_path, _files("acco.example", written))
    assert line.startswith(f"{BETA}: beta: signIn.domains[0]: ")
    assert f"is shown as {_IN_CYRILLIC!r}, which looks like 'acco.example' of tenant acme" in line


def test_the_one_in_other_letters_is_told_whichever_file_comes_first(tmp_path: Path) -> None:
    line = refusal(tmp_path, _files(_IN_CYRILLIC, "acco.example"))
    assert line.startswith(f"{ACME}: acme: signIn.domains[0]: ")
    assert "\n" not in line


def test_the_stacks_own_domain_counts_too(tmp_path: Path) -> None:
    files = _files("acme.example", _IN_CYRILLIC)
    files[STACK_FILE] = WITH_ADDRESSES.replace("clearml.example.com", "acco.example")
    assert "looks like 'acco.example' of the stack itself" in refusal(tmp_path, files)


def test_letters_that_look_like_latin_ones_are_told_where_they_are_nobodys(tmp_path: Path) -> None:
    (line,) = _told(tmp_path, "acme.example", _IN_CYRILLIC)
    assert f"is shown as {_IN_CYRILLIC!r}, whose letters look like Latin ones" in line


def test_a_number_in_a_letters_place_is_told_once(tmp_path: Path) -> None:
    """Both may be companies': nobody can tell."""
    (line,) = _told(tmp_path, "globex.example", "g1obex.example")
    assert line.startswith(
        f"{BETA}: beta: signIn.domains[0]: 'g1obex.example' looks like 'globex.example' of tenant ac"
    )


@pytest.mark.parametrize(
    "domain",
    [
        "m\u00fcnchen.example",
        "xn--mnchen-3ya.example",
        "xn--fa-hia.example",
        "\u043f\u0440\u0438\u043c\u0435\u0440.example",
        "\u6771\u4eac-acme.example",
        "a1-b2.example",
    ],
)
def test_a_domain_of_its_own_letters_is_not_told(tmp_path: Path, domain: str) -> None:
    assert _told(tmp_path, "acme.example", domain) == []
