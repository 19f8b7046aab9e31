"""What was measured, as a page: a table, growth exponents, figures, a plot. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.figure import Figure as Drawing

from tests.api.figures.figure import Figure
from tests.bench.figures import UNBOUNDED, Results

TIMES = (
    "preview of creation",
    "create",
    "no-op preview",
    "unchanged",
    "no-op up of all",
    "refresh",
    "one e-mail changed",
    "create, API part",
    "no-op up, API part",
    "guide, one at a time",
    "guide, four at a time",
    "create, in a cluster",
    "guide by curl and helm, one at a time",
    "guide by curl and helm, four at a time",
)
_NOT_MEASURED = "not measured"
_ABOUT = """
Measured on {about}; every call of the API is answered after {latency:g} s. The program runs on the real
engine with the emulator, by the same processes as in any environment. What is in the cluster is on paper, so no pod is
waited for, and nothing is healed; it is real in the rows that say *in a cluster* or *helm*. Up to {one_stack} tenants
are one stack, more of them a platform and [shards](shards.md) of at most {shard_size}, {jobs} at a time.

* *create*, *unchanged*, *no-op up of all* and *one e-mail changed* are the whole command `make up STACK=…`; the third
  has `ALL=yes`. The engine's own preview before an update is left out of them: it has a row of its own.
* *preview* and *refresh* are the engine's command for each stack, a preview without checkpoints, as all of ours are.
* *API part* is company, admin, two keys and sign-in rules alone, in stacks of at most {one_stack}, and so are the
  *guide's* calls, by curl from a shell. One at a time they are linear by nature, and measured up to {longest} tenants.
* *create, in a cluster* is `make up STACK=…` with a real API server, the official kubernetes plugin and the laptop's
  stand-in charts. Nothing is left out of it but that preview: it reads the files, heals, refreshes what is there, makes
  the tenants and waits until their pods are ready.
* *guide by curl and helm* is the guide's whole procedure for the same tenants as a plain script: the same calls, then
  `helm upgrade -i … --create-namespace` for agent and gateway. Charts, values and addresses are the same, and it waits
  for the same pods (`--wait`), agent first. It makes no more objects than the guide names: the program makes network
  policies, the namespace's labels and a Secret for the agent's keys as well.
* Each of these three starts in a new cluster in which the server and one tenant run already: who follows the guide has
  installed the server before, too. They are measured up to {most_in_cluster} tenants, since the cluster is on the same
  cores. Its pods are ready as soon as they are scheduled; Helm looks every two seconds, on both sides.
* CPU and memory are those of the processes below the command. The emulator's and the cluster's are not among them.
"""

# Measured by hand on two cores, with a provider on paper, since no run of ours can do without what it tells.
_FLOOR = """
## What Pulumi takes by itself

A run that looks at everything and changes nothing cannot take less than Pulumi's own part: the engine compares each
resource, and the program declares it. An update with a refresh of 527 unchanged ConfigMaps of one letter each took
1.9 s of CPU in the engine and 2.1 s in the program that declares them: 6.3 ms a resource without the start of both. A
tenant is 21 resources, so a thousand are 132 s of CPU, over a minute on two cores, before a provider has been asked, a
file has been read or a call has been made.

To know whether a stack has changed, the engine is asked twice: for its tags and for its state. Each is a process:
thirty of each, two at a time, took 1.7 and 2.8 s. So 41 stacks take about 6 s before this program does anything, also
where one of them then runs, and the 5 s that are promised cannot be kept on two cores. `pulumi stack ls` would be one
process for all, but it does not see a state that was edited ([starts of the engine](upstream/engine-start.md)).

What a run could do twice is counted by tests: what it asks the engine, how often it reads an environment's files, what
its processes import.
"""


def exponent(results: Results, name: str) -> float | None:
    """Of the power by which it grew between the two largest numbers: 1 is linear, 2 quadratic. None for one number."""
    measured = [(number, results[number][name]) for number in sorted(results) if results[number].get(name)]
    if len(measured) < 2:
        return None
    (before, least), (last, most) = measured[-2:]
    return math.log(most / least) / math.log(last / before)


def table(results: Results) -> list[str]:
    """A row for what was done or counted, a column for each number of tenants."""
    numbers = sorted(results)
    lines = [f"| | {' | '.join(map(str, numbers))} | grows with |", f"|---|{'---:|' * (len(numbers) + 1)}"]
    for name in (*_done(results), *_counted(results)):
        power = exponent(results, name)
        cells = " | ".join(_text(name, results[number].get(name)) for number in numbers)
        lines.append(f"| {name} | {cells} | {'' if power is None else f'n^{power:.2f}'} |")
    return lines


def _done(results: Results) -> list[str]:
    """What was done at any number, in the order of the page."""
    return [name for name in TIMES if any(name in found for found in results.values())]


def _counted(results: Results) -> list[str]:
    return list(dict.fromkeys(name for found in results.values() for name in found if name not in TIMES))


def _text(name: str, value: float | None) -> str:
    if value is None:
        return _NOT_MEASURED
    if name in TIMES:
        return f"{value:.2f} s"
    return f"{value:.1f}" if "kB" in name else f"{value:,.0f}"


def judged(figures: Sequence[Figure]) -> list[str]:
    """A row for each promised figure."""
    rows = [
        f"| {each.name} | {each.bound:g} | {each.measured:.2f} | {'met' if each.holds else '**not met**'} |"
        if each.bound < UNBOUNDED
        else f"| {each.name} | | {each.measured:.2f} | for comparison |"
        for each in figures
    ]
    return ["| figure | at most | measured | |", "|---|---:|---:|---|", *rows] if rows else ["None at these numbers."]


def page(results: Results, figures: Sequence[Figure], command: str, **about: object) -> str:
    """The whole of docs/performance.md; `about` is what the text between command and table names."""
    return "\n".join(
        [
            "# Performance",
            "",
            "Written by one command, which measures everything in one run:",
            "",
            "```",
            command,
            "```",
            _ABOUT.format(**about),
            *table(results),
            "",
            "The last column is the growth between the two largest numbers that were measured: `n^1` is linear.",
            "",
            "## What is promised",
            "",
            *judged(figures),
            _FLOOR,
            "![seconds by the number of tenants, both axes logarithmic](performance.png)",
            "",
            "The same [as a drawing](performance.svg).",
            "",
        ]
    )


def plot(results: Results) -> Drawing:
    """The seconds, both axes logarithmic, with a line for each thing that was done."""
    numbers = sorted(results)
    drawn = Drawing(figsize=(9, 5), layout="constrained")
    axes = drawn.add_subplot(xscale="log", yscale="log", xlabel="tenants", ylabel="seconds")
    for name in _done(results):
        measured = [number for number in numbers if name in results[number]]
        axes.plot(measured, [results[number][name] for number in measured], marker="o", label=name)
    axes.set_xticks(numbers, [str(number) for number in numbers], minor=False)
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    if axes.lines:
        drawn.legend(loc="outside right upper")
    return drawn
