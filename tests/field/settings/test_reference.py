"""The reference says of each key what it means and holds, and a default as it is written in a file."""

from __future__ import annotations

import re

import pytest
import yaml

from settings.reference.reference import text

ROWS = [line for line in text().splitlines() if re.match(r"\| `", line)]


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def test_every_row_says_what_the_key_means_and_holds() -> None:
    assert len(ROWS) > 150
    assert [row for row in ROWS if not _cells(row)[1] or not _cells(row)[2]] == []


@pytest.mark.parametrize(
    ("key", "holds"),
    [
        ("queueMode", "one of `global`, `per_tenant`"),
        ("podSecurity", "one of `privileged`, `baseline`, `restricted`"),
        ("protect", "`true` or `false`"),
        ("allowedUsers", "a whole number from 1 to 1000000"),
        ("company", "a company's name, of at least 3 characters"),
        ("domains", "a list, each a domain"),
        ("extraValues", "values for the chart, as they are"),
        ("fileMounts", "a list of values for the chart, as they are"),
        ("externalUrl", "an address of storage"),
        ("apiserverKey", "a secret: `pulumi config set --secret`"),
    ],
)
def test_a_row_in_plain_words(key: str, holds: str) -> None:
    assert holds in [_cells(row)[2] for row in ROWS if _cells(row)[0] == f"`{key}`"]


def test_defaults_are_yaml() -> None:
    defaults = [_cells(row)[3] for row in ROWS if _cells(row)[3] not in {"", "**needed**"}]
    assert len(defaults) > 30
    for default in defaults:
        yaml.safe_load(default.strip("`"))
        assert not re.search(r"\b(?:True|False|None)\b|\('", default)


def test_groups_have_a_table_of_their_own() -> None:
    assert "## CrossTenantGroup" in text()
    assert "| any other word in lower case | A group of this name. | [CrossTenantGroup](#crosstenantgroup)" in text()
