"""`python -m tests.bench.growth`: how each run grows with the tenants, beside the guide's script; writes the page."""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click

from local.progress import note
from tests.api.shards.checkout import AT_A_TIME, ONE_STACK, SHARD_SIZE
from tests.api.stack import ROOT
from tests.bench.figures import figures
from tests.bench.measures import LONGEST_ONE_AT_A_TIME, MOST_IN_A_CLUSTER, Measures
from tests.bench.page import page, plot

# Ignored by git, as all of that folder.
KEPT = ROOT / ".local" / "growth.json"


@dataclass
class Growth:
    """`found` is by the number of tenants, and written down at once: hours are not lost to the last minute."""

    latency: float
    shard_size: int
    command: str
    into: Path
    found: dict[int, dict[str, float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def measure(self, numbers: list[int]) -> None:
        """A part that fails stops no other."""
        for number in numbers:
            measures = Measures(number, self.latency, self.shard_size, self._keep)
            self.found[number] = measures.found
            for part in (measures.by_guide, measures.by_api_part, measures.by_program, measures.by_cluster):
                self._try(number, part)
                self._try(number, self.write)

    def _try(self, number: int, part: Callable[[], None]) -> None:
        try:
            part()
        except Exception as error:  # noqa: BLE001 - whatever it is, what was measured stays
            self.failures.append(f"{number} tenants, {part.__name__}: {type(error).__name__}: {error}")
            note(f"growth: {self.failures[-1]}")

    def _keep(self) -> None:
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_text(json.dumps(self.found, indent=1))

    def write(self) -> None:
        """What is found so far: the numbers, the page, the plot."""
        self._keep()
        self.into.mkdir(parents=True, exist_ok=True)
        about = {
            "about": f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}",
            "latency": self.latency,
            "one_stack": ONE_STACK,
            "shard_size": self.shard_size,
            "jobs": AT_A_TIME,
            "longest": LONGEST_ONE_AT_A_TIME,
            "most_in_cluster": MOST_IN_A_CLUSTER,
        }
        judged = figures(self.found)
        (self.into / "performance.md").write_text(page(self.found, judged, self.command, **about))
        drawn = plot(self.found)
        for kind in ("png", "svg"):
            drawn.savefig(self.into / f"performance.{kind}", metadata={"Date": None} if kind == "svg" else None)


@click.command()
@click.option("--tenants", envvar="TENANTS", default="1,10,100", show_default=True, help="How many, one run each.")
@click.option("--latency", envvar="LATENCY", default=0.05, show_default=True, help="Seconds before each answer.")
@click.option(
    "--shard-size", envvar="SHARD_SIZE", default=SHARD_SIZE, show_default=True, help="The most tenants of a shard."
)
@click.option("--into", default=ROOT / "docs", type=click.Path(path_type=Path), help="The folder of page and plot.")
@click.option("--again", is_flag=True, help="Measure nothing: write the page of the numbers that are kept.")
def main(tenants: str, latency: float, shard_size: int, into: Path, again: bool) -> None:
    """Measure, then write performance.md, performance.png and performance.svg; again after each part."""
    asked = sorted({int(number) for number in tenants.split(",")})
    size = "" if shard_size == SHARD_SIZE else f" SHARD_SIZE={shard_size}"
    command = f"make bench TENANTS={','.join(map(str, asked))} LATENCY={latency:g}{size}"
    growth = Growth(latency, shard_size, command, into)
    if again:
        growth.found = {int(number): found for number, found in json.loads(KEPT.read_text()).items()}
        growth.write()
        return
    # One whole stack is what a change among many shards is compared with.
    growth.measure(sorted({*asked, *([ONE_STACK] if asked[-1] > ONE_STACK else [])}))
    for failure in growth.failures:
        note(f"not measured: {failure}")
    sys.exit(1 if growth.failures else 0)


def _end(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    # The default would leave a cluster behind.
    signal.signal(signal.SIGTERM, _end)
    main()
