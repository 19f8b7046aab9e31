"""Heals what a run that died left of Helm releases: no Pulumi plugin does, and each later run would fail on it.

Only what is this stack's is touched: what its state names, or was just making, and what lies under a name of this
stack's in a namespace that the state names. Where the state does not say so, it is told and left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from config.load import Environment
from config.place import Place
from operations.helm import Found, Helm
from operations.recorded import Recorded, Spot

Tell = Callable[[str], None]

# Agents and gateways hold no data, so one that the state does not know can be made anew.
_WORKERS = ("clearml-enterprise-agent", "clearml-enterprise-app-gateway")


@dataclass(frozen=True)
class Stack:
    """What is known of a stack: what it has asked for, by address, and what its state says it has.

    `own_cluster`: nobody else uses the cluster, so whatever has a chart of ours is this stack's. `be_certain` raises
    OperationError unless it is certain that no run is at work; asked before anything is done, and only then.
    """

    declared: frozenset[Spot]
    recorded: Recorded
    own_cluster: bool = False
    be_certain: Callable[[], None] = field(default=lambda: None, repr=False)

    def owns(self, spot: Spot) -> bool:
        """Whether the release there is this stack's for certain."""
        ours = Spot(spot.place, spot.namespace, "") in self.recorded.namespaces
        recorded = spot in self.recorded.releases or spot in self.recorded.making
        return self.own_cluster or recorded or (spot in self.declared and ours)

    def knows(self, spot: Spot) -> bool:
        """Whether the state has it, so that the next run changes it and does not make it."""
        return spot in self.recorded.releases


def declared(environment: Environment) -> frozenset[Spot]:
    """The address of every release that the files ask for."""
    return frozenset(_declared(environment))


def places(environment: Environment, recorded: Recorded) -> list[Place]:
    """Where to look, each place once."""
    found = {spot.place for spot in declared(environment) | recorded.releases | recorded.making}
    return sorted(found, key=str)


def heal(helm: Helm, stack: Stack, tell: Tell) -> None:
    """Put right every release of ours in one place, only while no run is at work. Raises OperationError."""
    for found in helm.releases():
        if found.chart.startswith("clearml-enterprise"):
            _heal(helm, found, stack, tell)


def _heal(helm: Helm, found: Found, stack: Stack, tell: Tell) -> None:
    pending = found.status.startswith("pending-")
    if not stack.owns(found.spot):
        if pending and found.spot in stack.declared:
            tell(
                f"left alone: release {found} is {found.status}, and nothing in this stack's state says that it is "
                f"ours; if it is: helm uninstall {found.spot.name} --namespace {found.spot.namespace}"
            )
    elif pending:
        stack.be_certain()
        _settle(helm, found, tell)
    elif not stack.knows(found.spot):
        _forgotten(helm, found, stack, tell)


def _settle(helm: Helm, found: Found, tell: Tell) -> None:
    revision = helm.last_whole_revision(found.spot)
    if revision is None:
        helm.uninstall(found.spot)
        tell(f"healed: release {found} was {found.status} by a run that died: uninstalled")
    else:
        helm.roll_back(found.spot, revision)
        tell(f"healed: release {found} was {found.status} by a run that died: rolled back to revision {revision}")


def _forgotten(helm: Helm, found: Found, stack: Stack, tell: Tell) -> None:
    """The run died between helm's success and its record; the next one would try to install it again."""
    if stack.own_cluster or found.chart.startswith(_WORKERS):
        stack.be_certain()
        helm.uninstall(found.spot)
        tell(f"healed: release {found} was {found.status} and recorded by no run: uninstalled, the next one makes it")
    else:
        tell(
            f"left alone: release {found} is {found.status}, and the stack's state does not know it: it may hold data; "
            "save that before you uninstall it, or import it: pulumi import kubernetes:helm.sh/v3:Release"
        )


def _declared(environment: Environment) -> Iterator[Spot]:
    settings = environment.stack
    yield Spot(settings.own_place, settings.server.namespace, settings.server.release)
    for tenant in environment.tenants:
        place = settings.place_of(tenant.workers)
        uses = [*tenant.all_agents, *(["gateway"] if tenant.gateway else [])]
        yield from (Spot(place, tenant.namespace, tenant.release_of(use)) for use in uses)
