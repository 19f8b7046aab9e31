"""The reference says of each key what it means and holds, and a default as it is written in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import pytest
import yaml
from pydantic import AfterValidator, BeforeValidator

from settings.models.stack_file import StackFile
from settings.models.tenant import TenantFile
from settings.reference.reference import _models, text
from settings.types.shape import keys_of
from settings.types.texts import Holds

ROWS = [line for line in text().splitlines() if re.match(r"\| `", line)]


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


# It says nothing of what may be written: a text that is not empty.
_OF_ANY = {"_text"}


def test_no_cell_of_any_row_is_empty() -> None:
    every = [line for line in text().splitlines() if line.startswith("| ") and not line.startswith("| key ")]
    assert len(every) > len(ROWS) > 150
    assert [row for row in every if len(_cells(row)) != 5 or not all(_cells(row))] == []


def _unmarked(annotation: Any, metadata: Iterable[Any] = ()) -> Iterator[str]:
    """The functions that check a value whose type has no word for what it holds."""
    whole = (*metadata, *getattr(annotation, "__metadata__", ()))
    if not any(isinstance(each, Holds) for each in whole):
        yield from (each.func.__name__ for each in whole if isinstance(each, AfterValidator | BeforeValidator))
    for inner in get_args(annotation):
        yield from _unmarked(inner)


def test_whatever_is_checked_of_a_text_has_a_word_in_the_reference() -> None:
    fields = [field for model in _models(TenantFile, StackFile) for field in keys_of(model).values()]
    assert {name for field in fields for name in _unmarked(field.annotation, field.metadata)} == _OF_ANY


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
        ("hostName", "a host's name, or `*.` and a domain"),
        ("externalUrl", "an address of storage"),
        ("apiserverKey", "a secret: `pulumi config set --secret`"),
    ],
)
def test_a_row_in_plain_words(key: str, holds: str) -> None:
    assert holds in [_cells(row)[2] for row in ROWS if _cells(row)[0] == f"`{key}`"]


def test_defaults_are_yaml() -> None:
    defaults = [_cells(row)[3] for row in ROWS if _cells(row)[3].startswith("`")]
    assert len(defaults) > 30
    for default in defaults:
        yaml.safe_load(default.strip("`").replace("\\|", "|"))
        assert not re.search(r"\b(?:True|False|None)\b|\('", default)


def test_groups_have_a_table_of_their_own() -> None:
    assert "## CrossTenantGroup" in text()
    assert "| any other word in lower case | A group of this name. | [CrossTenantGroup](#crosstenantgroup)" in text()
