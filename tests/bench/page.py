"""What was measured, as a page: a table, growth exponents, a plot. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

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
    "guide, one at a time",
    "guide, four at a time",
)
_COLOURS = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#000000", "#ee6677", "#aa3377", "#bbbbbb", "#888888")
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 760, 420, 60, 20, 540, 370


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
            "![seconds by the number of tenants, both axes logarithmic](performance.svg)",
            "",
        ]
    )


def plot(results: Results) -> str:
    """An SVG of the seconds, both axes logarithmic, with what each line is beside it."""
    numbers = sorted(results)
    seconds = [max(results[number][name], 0.01) for number in numbers for name in TIMES]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    first, last = math.log10(numbers[0]), math.log10(numbers[-1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    for power in range(low, high + 1):
        y = _y(power, low, high)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    for number in numbers:
        x = _x(math.log10(number), first, last)
        parts.append(f'<text x="{x:.1f}" y="{_BOTTOM + 20}" text-anchor="middle">{number}</text>')
    parts.append(f'<text x="{(_LEFT + _RIGHT) / 2:.1f}" y="{_BOTTOM + 40}" text-anchor="middle">tenants</text>')
    parts += _lines(results, (first, last), (low, high))
    return "\n".join([*parts, "</svg>", ""])


def _lines(results: Results, across: tuple[float, float], up: tuple[int, int]) -> Sequence[str]:
    parts = []
    for index, (name, colour) in enumerate(zip(TIMES, _COLOURS, strict=True)):
        points = " ".join(
            f"{_x(math.log10(number), *across):.1f},{_y(math.log10(max(results[number][name], 0.01)), *up):.1f}"
            for number in sorted(results)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{_RIGHT + 20}" y="{_TOP + 20 * (index + 1)}" fill="{colour}">{name}</text>')
    return parts


def _x(value: float, first: float, last: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * ((value - first) / (last - first) if last > first else 0.5)


def _y(value: float, low: int, high: int) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * ((value - low) / ((high - low) or 1))
