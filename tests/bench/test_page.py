"""The table tells how each time grows, and which figures hold; the plot has a line for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.figures import STATE, UNBOUNDED, Results, figures
from tests.bench.page import TIMES, exponent, judged, page, plot, table

_LINEAR = {number: {**dict.fromkeys(TIMES, number * 0.3), "calls of create": number * 9.0} for number in (1, 10, 100)}
_SQUARE = {number: dict.fromkeys(TIMES, number**2 * 0.1) for number in (10, 100)}
# One part failed, another was left out at the larger number.
_PARTLY = {10: dict.fromkeys(TIMES, 3.0), 100: {"create": 30.0, STATE: 44.1}}


def test_linear_and_quadratic_growth_are_told() -> None:
    assert exponent(_LINEAR, "create") == pytest.approx(1)
    assert exponent(_SQUARE, "create") == pytest.approx(2)
    assert exponent({10: _SQUARE[10]}, "create") is None
    assert exponent(_PARTLY, "refresh") is None


def test_each_time_has_a_row_with_all_numbers() -> None:
    lines = table(_LINEAR)
    assert lines[0] == "| | 1 | 10 | 100 | grows with |"
    assert "| create | 0.30 s | 3.00 s | 30.00 s | n^1.00 |" in lines
    assert "| calls of create | 9 | 90 | 900 | n^1.00 |" in lines
    assert len(lines) == 2 + len(TIMES) + 1


def test_what_was_not_measured_is_said() -> None:
    lines = table(_PARTLY)
    assert "| refresh | 3.00 s | not measured |  |" in lines
    assert f"| {STATE} | not measured | 44.1 |  |" in lines


@pytest.mark.parametrize("results", [_LINEAR, _SQUARE, _PARTLY, {10: _SQUARE[10]}])
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_plot_has_a_line_for_each(results: Results, kind: str, tmp_path: Path) -> None:
    drawn = plot(results)
    assert [str(line.get_label()) for line in drawn.axes[0].lines] == list(TIMES)
    drawn.savefig(tmp_path / f"plot.{kind}")
    assert (tmp_path / f"plot.{kind}").stat().st_size > 1000


def test_figures_are_those_of_the_numbers_measured() -> None:
    found = {each.name: each for each in figures(_PARTLY)}
    assert list(found) == ["state a tenant, whole, kB"]
    assert found["state a tenant, whole, kB"].holds
    large = {50: {"one e-mail changed": 10.0}, 100: {"create": 50.0}, 1000: {"one e-mail changed": 12.1, "create": 549}}
    rows = judged(figures(large))
    assert "| one changed e-mail among 1,000 tenants / among 50 | 1.2 | 1.21 | **not met** |" in rows
    assert "| t(1000)/t(100), create | 11 | 10.98 | met |" in rows
    assert len(rows) == 4


def test_one_tenant_is_judged_by_the_whole_procedure_and_the_cluster_on_paper_stands_beside_it() -> None:
    """The guide's calls alone are less than what the program does, so they are told without a bound."""
    paper = {"create": 6.0, "guide, one at a time": 0.5}
    (beside,) = figures({1: paper})
    assert (beside.bound, beside.measured) == (UNBOUNDED, 5.5)
    whole = {"create, in a cluster": 12.1, "guide by curl and helm, one at a time": 8.0}
    judged_one, beside = figures({1: {**paper, **whole}})
    assert judged([judged_one, beside])[2:] == [
        f"| {judged_one.name} | 4 | 4.10 | **not met** |",
        f"| {beside.name} | | 5.50 | for comparison |",
    ]


def test_the_page_has_the_command_that_wrote_it() -> None:
    command = "make bench TENANTS=1,10,100 LATENCY=0.05"
    numbers = {"latency": 0.05, "one_stack": 50, "shard_size": 30, "jobs": 2, "longest": 100, "most_in_cluster": 10}
    assert command in page(_LINEAR, figures(_LINEAR), command, about="2 cores", **numbers)
