"""Pure: what is a stack's own in a cluster, by its state and by the keys that its runs put into releases.

Never by a name alone: another stack of ours, or a person, may have used the same one (docs/adr/0006).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.namespaces.ownership import by_program
from operations.releases.inventory import Inventory, ObjectAddress, ReleaseAddress
from settings.facts import file_of, stack_file_of
from settings.loading.load import Environment
from settings.models.cluster_ref import ClusterRef
from settings.types.hocon_reading import settings_of
from settings.types.naming import STACK_LABEL, worker_key
from settings.types.tree import nodes

# Beside a worker's access key, which every chart gets in the same variable (components/values/environment.py).
_KEY_VARIABLE = "CLEARML_TENANTS_ACCESS_KEY"
_GROUPS = ("services", "auth", "default_groups")


@dataclass(frozen=True)
class Stack:
    """What is known of the stack `name`: the file behind each address that it asks for, and what its state has.

    `server_keys`: the internal keys that the state generated for the server; asked for only where a server lies at our
    address that the state does not have, since the state has to be decrypted for it. `disposable`: nothing in the
    cluster holds data, so a server may be made anew as well. `take_over`: what its file lets it take over that no run
    of it made. `be_certain` raises OperationError unless it is certain that no run is at work; asked before anything is
    done, and only then.
    """

    name: str
    declared: Mapping[ReleaseAddress, str]
    recorded: Inventory
    server_keys: Callable[[], frozenset[str]] = field(default=frozenset, repr=False)
    disposable: bool = False
    take_over: frozenset[str] = frozenset()
    be_certain: Callable[[], None] = field(default=lambda: None, repr=False)
    # Where each agent and gateway stands in its file, like `agents.gpu`.
    workers: Mapping[ReleaseAddress, str] = field(default_factory=dict)
    # The file behind each single object that it asks for beside namespaces and releases.
    objects: Mapping[ObjectAddress, str] = field(default_factory=dict)

    def knows(self, spot: ReleaseAddress) -> bool:
        """Whether the state has the release or namespace, so that the next run changes it and does not make it."""
        return spot in self.recorded.releases or spot in self.recorded.namespaces

    def asks_for(self, spot: ReleaseAddress) -> bool:
        """Whether the files do."""
        return spot in self.declared

    def deployed(self, spot: ReleaseAddress) -> bool:
        """Whether the state has the release and the files still ask for it, so that it stays."""
        return spot in self.recorded.releases and self.asks_for(spot)

    def is_ours(self, spot: ReleaseAddress, values: Mapping[str, Any]) -> bool:
        """Whether a release that the state has is still the one that its runs made.

        A worker's has a key of this state; somebody may have installed another in its place.
        """
        texts = texts_of(values)
        return bool(texts & self.recorded.keys) if _is_worker(texts) or self._is_tenants(spot) else True

    def _is_tenants(self, spot: ReleaseAddress) -> bool:
        return "/tenants/" in self.declared.get(spot, "")

    def installed_by_us(self, spot: ReleaseAddress, values: Mapping[str, Any]) -> str | None:
        """What a run of this very state installed there with these values: `worker`, `server`; None if none did."""
        texts = texts_of(values)
        if _is_worker(texts):
            return "worker" if texts & self.recorded.keys else None
        return "server" if self.asks_for(spot) and texts & self.server_keys() else None

    def takes(self, spot: ReleaseAddress, labels: Mapping[str, str]) -> bool:
        """Whether a namespace that the state does not have may be taken over: by its label it is this stack's.

        A version before that label left none; then its run has to have died in the midst of making it.
        """
        mark = labels.get(STACK_LABEL)
        unfinished = spot in self.recorded.making and by_program(labels)
        return mark == self.name or (mark is None and unfinished)


def namespace_of(spot: ReleaseAddress) -> ReleaseAddress:
    """The address of the namespace that a release is in."""
    return ReleaseAddress(spot.place, spot.namespace, "")


def maker(values: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Whose a release that is not this stack's looks like."""
    if _is_worker(texts_of(values)):
        return f"made by this program with a key that this stack's state does not have{_by_label(labels)}"
    return f"made by hand or by another program{_by_label(labels)}"


def declared(environment: Environment) -> dict[ReleaseAddress, str]:
    """The address of every namespace and release that the files ask for, and the file that does."""
    return dict(_declared(environment))


def places(environment: Environment, recorded: Inventory) -> list[ClusterRef]:
    """Where to look, each place once."""
    asked = (spot.place for spot in declared(environment))
    known = (spot.place for spot in recorded.releases | recorded.namespaces | recorded.making)
    return sorted({*asked, *known}, key=str)


def _declared(environment: Environment) -> Iterator[tuple[ReleaseAddress, str]]:
    settings, file = environment.stack, stack_file_of(environment.name)
    if not environment.shard:
        yield ReleaseAddress(settings.own_cluster, settings.server.namespace, ""), file
        yield ReleaseAddress(settings.own_cluster, settings.server.namespace, settings.server.release), file
    for tenant in environment.tenants:
        place = settings.cluster_of(tenant.workers)
        file = file_of(environment.name, tenant.name, tenant.shard)
        yield ReleaseAddress(place, tenant.namespace, ""), file
        yield from ((ReleaseAddress(place, tenant.namespace, tenant.release_of(use)), file) for use in tenant.uses)


def workers(environment: Environment) -> dict[ReleaseAddress, str]:
    """Where each agent and gateway stands in its tenant's file, like `agents.gpu`."""
    return {
        ReleaseAddress(environment.stack.cluster_of(tenant.workers), tenant.namespace, tenant.release_of(use)): (
            worker_key(use)
        )
        for tenant in environment.tenants
        for use in tenant.uses
    }


def _by_label(labels: Mapping[str, str]) -> str:
    return f", in a namespace of stack {labels[STACK_LABEL]}" if labels.get(STACK_LABEL) else ""


def _is_worker(texts: Iterable[str]) -> bool:
    return _KEY_VARIABLE in texts


def group_ids(values: object) -> dict[str, str]:
    """The ids of cross-tenant groups in a server's values by key; whoever is in a group is known to be by its id.

    A variable may have one part of a group, a whole one, or all groups as an object.
    """
    found: dict[str, str] = {}
    for variable in (each for _, each in nodes(values) if isinstance(each, Mapping)):
        name, value = str(variable.get("name", "")), variable.get("value")
        said = settings_of(name, value) if _GROUPS[-1] in name and isinstance(value, str) else {}
        found |= {path[3]: str(each) for path, each in said.items() if _is_group_id(path) and each is not None}
    return found


def _is_group_id(path: tuple[str, ...]) -> bool:
    return len(path) == len(_GROUPS) + 2 and path[:3] == _GROUPS and path[-1] == "id"


def texts_of(values: object) -> frozenset[str]:
    """Every text in a release's values, at any depth."""
    return frozenset(each for _, each in nodes(values) if isinstance(each, str))
