"""Pure: which namespaces and releases the files ask for, and which of those that are there may be taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from components.namespaces.commands import helm, kubectl
from operations.adoption.reading.facts import CHARTS
from operations.releases.helm import Found
from operations.releases.inventory import ReleaseAddress
from operations.releases.ownership import Stack, namespace_of, texts_of
from operations.takeover.objects import Object
from settings.loading.load import Environment
from settings.types.naming import STACK_LABEL, is_gateway

_DEPLOYED = "deployed"
_OWN_VARIABLES = "CLEARML_TENANTS_"


@dataclass(frozen=True)
class Target:
    """A namespace, or a release where `use` is `server` or what a worker's key is for.

    `tenant` is empty for what is the server's, `chart` is the one that the files ask for.
    """

    spot: ReleaseAddress
    tenant: str = ""
    use: str = ""
    chart: str = ""

    @property
    def what(self) -> str:
        return f"release {self.spot}" if self.use else f"namespace {self.spot.namespace}"

    @property
    def entry(self) -> str:
        """As `takeOver` names it."""
        return str(self.spot) if self.use else self.spot.namespace


@dataclass(frozen=True)
class LiveTarget:
    """A target that is there; of a release with its chart's name and version, and with its values.

    `manager`: who made the namespace, if a run of this program did; `objects` are what such runs made in it.
    `internal_keys` are a server's, which its chart may have drawn.
    """

    target: Target
    chart: str = ""
    version: str = ""
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    manager: str = ""
    objects: tuple[Object, ...] = ()
    internal_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


def targets(environment: Environment) -> Iterator[Target]:
    """All that the files ask for, each release after its namespace."""
    settings = environment.stack
    own, server, charts = settings.own_cluster, settings.server, settings.charts
    if not environment.shard:
        yield Target(ReleaseAddress(own, server.namespace, ""))
        yield Target(ReleaseAddress(own, server.namespace, server.release), "", "server", charts.server.chart)
    for tenant in environment.tenants:
        place = settings.cluster_of(tenant.workers)
        yield Target(ReleaseAddress(place, tenant.namespace, ""), tenant.name)
        for use in tenant.uses:
            chart = charts.gateway.chart if is_gateway(use) else charts.agent.chart
            yield Target(ReleaseAddress(place, tenant.namespace, tenant.release_of(use)), tenant.name, use, chart)


@dataclass(frozen=True)
class Sight:
    """What is there in one place: its releases, the labels of its namespaces, and which of these are being deleted."""

    releases: Sequence[Found]
    namespaces: Mapping[str, Mapping[str, str]]
    ending: frozenset[str] = frozenset()

    def there(self, target: Target) -> bool:
        return self.found(target) is not None if target.use else target.spot.namespace in self.namespaces

    def found(self, target: Target) -> Found | None:
        return next((each for each in self.releases if each.spot == target.spot), None)

    def labels(self, target: Target) -> Mapping[str, str]:
        return self.namespaces.get(target.spot.namespace) or {}


def obstacle(taken: LiveTarget, sight: Sight, stack: Stack) -> str:
    """Why what is there is not taken over, with the fix; empty if it is.

    The stack's `takeOver` has to name it. A namespace with this stack's label needs no entry, and nor does what this
    program installed there: it is this stack's, whose state is lost.
    """
    target = taken.target
    mark = sight.labels(target).get(STACK_LABEL, "")
    if target.spot.namespace in sight.ending:
        wait = kubectl(f"wait --for=delete namespace/{target.spot.namespace}", target.spot.place)
        return f"its namespace is being deleted, with all that is in it: wait until it is gone ({wait})"
    if mark and mark != stack.name:
        return f"its namespace is of stack {mark}: give ours another name, or take it out of that stack's hands first"
    own = mark == stack.name and (not target.use or by_program(taken.values))
    if not (own or target.entry in stack.take_over):
        return (
            f"takeOver does not name it: add {target.entry} to takeOver in the stack's file, or give ours another name"
        )
    space = namespace_of(target.spot)
    if target.use and not (mark or stack.knows(space) or space.namespace in stack.take_over):
        return f"takeOver does not name its namespace: add {space.namespace} to takeOver in the stack's file"
    found = sight.found(target)
    return _unfit(target, found) if found else ""


def _unfit(target: Target, found: Found) -> str:
    if found.status != _DEPLOYED:
        spot = target.spot
        rollback = helm(f"rollback {spot.name} --namespace {spot.namespace}", spot.place)
        return f"it is {found.status}, and only a release that is deployed is taken over: {rollback}"
    kind = target.use.partition("-")[0]
    chart, asked = chart_of(found)[0], PurePath(target.chart).name
    if CHARTS.get(chart) != kind and chart != asked:
        return f"its chart is {chart}, and the files ask for {asked}: give ours another name"
    return ""


def by_program(values: Mapping[str, Any]) -> bool:
    """Whether this program installed a release, for whichever stack."""
    return any(each.startswith(_OWN_VARIABLES) for each in texts_of(values))


def chart_of(found: Found) -> tuple[str, str]:
    """Name and version, which Helm writes as one word; a name may end in a number, a version begins with one."""
    parts = found.chart.split("-")
    at = next((n for n, each in enumerate(parts) if n and each.removeprefix("v")[:1].isdigit() and "." in each), 0)
    return ("-".join(parts[:at]), "-".join(parts[at:])) if at else (found.chart, "")
