"""A hostile tenant's file gets nowhere: each attack is told in one plain line, and its honest twin passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.files import Case, cases

REFUSED, HONEST = cases("refused"), cases("honest")


def _names(found: list[Case]) -> list[str]:
    return [case.name for case in found]


@pytest.mark.parametrize("case", REFUSED, ids=_names(REFUSED))
def test_an_attack_is_told_in_one_line(case: Case, tmp_path: Path) -> None:
    assert case.refused, "say in a comment how it is refused"
    said = case.refusals(tmp_path)
    assert len(said) == 1, said
    assert "\n" not in said[0]
    assert said[0].startswith(case.line)


@pytest.mark.parametrize("case", HONEST, ids=_names(HONEST))
def test_an_honest_twin_passes(case: Case, tmp_path: Path) -> None:
    assert case.refusals(tmp_path) == []


def test_there_are_many_of_both() -> None:
    assert len(REFUSED) >= 60
    assert len(HONEST) >= 25
