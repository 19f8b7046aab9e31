"""Which apiserver a stack runs: what its settings say, or else what its chart is known to bring.

ASSUMPTION (contract 6.5): four charts are known with the server that they bring; a chart's later patches bring the
same. What lies between two of them brings one of the two, what comes after the last, that or more; of what comes before
the first, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.models.stack import StackSettings
from settings.types.versions import is_exact, numbers

_Numbers = tuple[int, ...]

# Chart clearml-enterprise, and the apiserver's minor version in it, in ascending order.
_BROUGHT: tuple[tuple[_Numbers, _Numbers], ...] = (
    ((10, 8, 0), (3, 26)),
    ((10, 9, 4), (3, 27)),
    ((10, 11, 7), (3, 28)),
    ((11, 0, 0), (3, 29)),
)


@dataclass(frozen=True)
class ServerVersion:
    """The apiserver is `lowest` or later, and `highest` or earlier; None where nobody knows. `source` says how we know.

    Each is as exact as its source: `(3, 26)` is any of 3.26, `(3, 26, 8)` is that one.
    """

    lowest: _Numbers | None
    highest: _Numbers | None
    source: str

    def is_surely(self, *floor: int) -> bool:
        """Whether it is certainly `floor` or later."""
        return self.lowest is not None and (*self.lowest, 0, 0)[: len(floor)] >= floor

    def is_surely_below(self, *floor: int) -> bool:
        """Whether it is certainly earlier than `floor`; any of 3.26 may be 3.26.8."""
        return self.highest is not None and self.highest < floor[: len(self.highest)]


def server_version_of(stack: StackSettings) -> ServerVersion:
    """What `server.version` says, or what the chart's version tells."""
    if stack.server.version:
        typed = numbers(stack.server.version)
        # All of what is written counts: 3.26 is 3.26.0 to whoever wrote it.
        whole = (*typed, 0, 0)[: max(3, len(typed))]
        return ServerVersion(whole, whole, f"server.version is '{stack.server.version}'")
    chart = stack.charts.server.version
    lowest, highest = _brought(chart)
    return ServerVersion(lowest, highest, f"chart '{chart}' brings {_shown(lowest, highest)}")


@check("server.version is one that the server's chart brings")
def check_server_version(facts: Facts) -> Iterator[Finding]:
    """A `server.version` that the chart does not bring."""
    if (stack := facts.settings) is None:
        return
    chart, typed = stack.charts.server.version, stack.server.version
    lowest, highest = _brought(chart)
    if not typed or lowest is None:
        return
    minor = (*numbers(typed), 0)[:2]
    if minor < lowest or (highest is not None and minor > highest):
        text = (
            f"{typed!r} is not what the server's chart '{chart}' brings, which is {_shown(lowest, highest)}; "
            "remove this line, or change charts.server.version"
        )
        yield Finding(setting("", "server.version"), text)


def _brought(chart: str | None) -> tuple[_Numbers | None, _Numbers | None]:
    """The earliest and the latest apiserver that the chart may bring; a folder's version is not in the settings."""
    if chart is None or not is_exact(chart):
        return None, None
    version = numbers(chart)
    lowest, row = None, None
    for known, server in _BROUGHT:
        if version < known:
            return lowest, lowest if row and row[:2] == version[:2] else server if lowest else None
        lowest, row = server, known
    return lowest, lowest if row and row[:2] == version[:2] else None


def _shown(lowest: _Numbers | None, highest: _Numbers | None) -> str:
    first, last = (".".join(map(str, each or ())) for each in (lowest, highest))
    if not first:
        return "an unknown server"
    return first if first == last else f"{first} to {last}" if last else f"{first} or later"
