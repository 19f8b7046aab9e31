"""Pure: which charts the stack's file names, their versions as installed; and what Helm does not say of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from operations.adoption.reading.facts import Kind, Note, Release

CHART: Mapping[Kind, str] = {
    "server": "clearml-enterprise",
    "agent": "clearml-enterprise-agent",
    "gateway": "clearml-enterprise-app-gateway",
}
# Where a release does not say it; Helm remembers a chart's name and version, and not where it came from.
_REGISTRY = "oci://docker.io/clearml"
_NEWEST: Mapping[Kind, str] = {"server": "11.0.2", "agent": "6.14.6", "gateway": "3.2.0"}
_INSTALLED = ("agent", "gateway")


def charts(server: Release | None, releases: Sequence[Release], notes: list[Note]) -> dict[str, dict[str, str]]:
    """The stack's `charts`: of agents and gateways that which most releases have."""
    found = {kind: _common(releases, kind) for kind in _INSTALLED}
    chosen = {"server": (CHART["server"], server.version) if server else None, **found}
    return {kind: _chart(kind, chosen[kind], notes) for kind in CHART}


def charts_of_tenant(releases: Sequence[Release], stacks: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The tenant's versions of charts that are not the stack's."""
    found = {kind: _common(releases, kind) for kind in _INSTALLED}
    return {
        kind: {"version": each[1]} for kind, each in found.items() if each and each[1] != stacks[kind].get("version")
    }


def other_charts(tenant: str, releases: Iterable[Release], stacks: Mapping[str, Mapping[str, str]]) -> Iterator[Note]:
    """Of releases whose chart is called otherwise than the stack's: a tenant's file can name another version alone."""
    for release in releases:
        asked = stacks[release.kind]["chart"].rpartition("/")[2]
        if release.chart != asked:
            text = f"release {release} is of chart {release.chart}, and the stack's is {asked}: see that it fits"
            yield Note(tenant, "decide", f"charts.{release.kind}", text)


def _common(releases: Iterable[Release], kind: str) -> tuple[str, str] | None:
    """Chart and version that most releases of a kind have."""
    counts = Counter((each.chart, each.version) for each in releases if each.kind == kind and each.version)
    return max(counts, key=lambda each: (counts[each], each)) if counts else None


def _chart(kind: Kind, installed: tuple[str, str] | None, notes: list[Note]) -> dict[str, str]:
    name, version = installed or (CHART[kind], _NEWEST[kind])
    place, version = f"{_REGISTRY}/{name}", version or _NEWEST[kind]
    if installed:
        text = f"{name} {version} is installed; Helm does not record from where, so {place} is written: write where"
        notes.append(Note("", "decide", f"charts.{kind}.chart", f"{text} yours comes from"))
    else:
        text = f"none is installed, so {place} {version} is written: write where yours comes from, and its version"
        notes.append(Note("", "decide", f"charts.{kind}", text))
    return {"chart": place, "version": version}
