"""The table tells how each time grows; the plot has a line for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.page import TIMES, exponent, page, plot, table

_LINEAR = {number: {**dict.fromkeys(TIMES, number * 0.3), "calls of create": number * 9.0} for number in (1, 10, 100)}
_SQUARE = {number: dict.fromkeys(TIMES, number**2 * 0.1) for number in (10, 100)}


def test_linear_and_quadratic_growth_are_told() -> None:
    assert exponent(_LINEAR, "create") == pytest.approx(1)
    assert exponent(_SQUARE, "create") == pytest.approx(2)
    assert exponent({10: _SQUARE[10]}, "create") is None


def test_each_time_has_a_row_with_all_numbers() -> None:
    lines = table(_LINEAR)
    assert lines[0] == "| | 1 | 10 | 100 | grows with |"
    assert "| create | 0.30 s | 3.00 s | 30.00 s | n^1.00 |" in lines
    assert "| calls of create | 9 | 90 | 900 | n^1.00 |" in lines
    assert len(lines) == 2 + len(TIMES) + 1


@pytest.mark.parametrize("results", [_LINEAR, _SQUARE, {10: _SQUARE[10]}])
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_plot_has_a_line_for_each(results: dict[int, dict[str, float]], kind: str, tmp_path: Path) -> None:
    drawn = plot(results)
    assert [str(line.get_label()) for line in drawn.axes[0].lines] == list(TIMES)
    drawn.savefig(tmp_path / f"plot.{kind}")
    assert (tmp_path / f"plot.{kind}").stat().st_size > 1000


def test_the_page_has_the_command_that_wrote_it() -> None:
    assert "make bench TENANTS=1,10,100 LATENCY=0.05" in page(
        _LINEAR, 0.05, "2 cores", "make bench TENANTS=1,10,100 LATENCY=0.05"
    )
