"""A figure: what is promised, what was measured, whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """`measured` may be at most `bound`; if `exact`, it has to be just that."""

    name: str
    bound: float
    measured: float
    exact: bool = False

    @property
    def holds(self) -> bool:
        return self.measured == self.bound if self.exact else self.measured <= self.bound


def table(figures: Sequence[Figure]) -> Table:
    """One line a figure: what, how much at most, how much there was."""
    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("figure", "bound", "measured", ""):
        shown.add_column(heading, justify="left" if heading in ("figure", "") else "right")
    for each in figures:
        bound = f"{'= ' if each.exact else '≤ '}{each.bound:g}"
        shown.add_row(each.name, bound, f"{each.measured:g}", "" if each.holds else "BROKEN")
    return shown
