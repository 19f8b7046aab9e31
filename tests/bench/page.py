"""What was measured, as a page: a table, growth exponents, a plot. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

from matplotlib.figure import Figure

# Seconds by what was done, and what else was counted, by how many tenants there were.
Results = Mapping[int, Mapping[str, float]]
TIMES = (
    "preview of creation",
    "create",
    "no-op preview",
    "no-op up",
    "unchanged",
    "refresh",
    "one e-mail changed",
    "create, API part",
    "no-op up, API part",
    "guide, one at a time",
    "guide, four at a time",
)


def exponent(results: Results, name: str) -> float | None:
    """Of the power by which it grew between the two largest numbers: 1 is linear, 2 quadratic. None for one number."""
    *_, before, last = (None, *sorted(results))
    if before is None or not results[before][name] or not results[last][name]:
        return None
    return math.log(results[last][name] / results[before][name]) / math.log(last / before)


def table(results: Results) -> list[str]:
    """A row for what was done or counted, a column for each number of tenants."""
    numbers = sorted(results)
    names = [*TIMES, *(name for name in results[numbers[0]] if name not in TIMES)]
    lines = [f"| | {' | '.join(map(str, numbers))} | grows with |", f"|---|{'---:|' * (len(numbers) + 1)}"]
    for name in names:
        power = exponent(results, name)
        cells = " | ".join(_text(name, results[number][name]) for number in numbers)
        lines.append(f"| {name} | {cells} | {'' if power is None else f'n^{power:.2f}'} |")
    return lines


def _text(name: str, value: float) -> str:
    return f"{value:.2f} s" if name in TIMES else f"{value:,.0f}"


def page(results: Results, latency: float, about: str, command: str) -> str:
    """The whole of docs/performance.md."""
    return "\n".join(
        [
            "# Performance",
            "",
            "Written by one command, which measures everything in one run:",
            "",
            "```",
            command,
            "```",
            "",
            f"Measured on {about}; every call of the API is answered after {latency:g} s. The program runs on",
            "the real engine with the emulator. What is in the cluster is on paper, so no pod is waited for.",
            "`unchanged` is what `make up STACK=…` takes to say so. Beside it: the guide's calls by curl.",
            "",
            *table(results),
            "",
            "The last column is the growth between the two largest numbers: `n^1` is linear.",
            "",
            "![seconds by the number of tenants, both axes logarithmic](performance.png)",
            "",
            "The same [as a drawing](performance.svg).",
            "",
        ]
    )


def plot(results: Results) -> Figure:
    """The seconds, both axes logarithmic, with a line for each thing that was done."""
    numbers = sorted(results)
    drawn = Figure(figsize=(9, 5), layout="constrained")
    axes = drawn.add_subplot(xscale="log", yscale="log", xlabel="tenants", ylabel="seconds")
    for name in TIMES:
        axes.plot(numbers, [results[number][name] for number in numbers], marker="o", label=name)
    axes.set_xticks(numbers, [str(number) for number in numbers], minor=False)
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    drawn.legend(loc="outside right upper")
    return drawn
