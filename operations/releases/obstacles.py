"""What a run would meet in a cluster that no run of this stack made: it would take over, change or delete it.

The engine does not ask: the official plugin applies a namespace over one that exists, and deletes one with all in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

from components.namespaces.commands import helm as helm_command
from components.namespaces.commands import kubectl
from components.namespaces.ownership import label_command, namespace_maker
from operations.errors import OperationError
from operations.releases.config_maps import MOVE
from operations.releases.heal import PRODUCT
from operations.releases.helm import Found, Helm
from operations.releases.inventory import ReleaseAddress
from operations.releases.namespaces import NAMESPACES
from operations.releases.occupants.makers import tool_in, tool_of
from operations.releases.occupants.objects import objects_in_the_way
from operations.releases.occupants.workloads import workloads_in_the_way
from operations.releases.ownership import Stack, group_ids, maker, namespace_of
from settings.types.naming import STACK_LABEL, release_name


def find(helm: Helm, releases: Sequence[Found], stack: Stack) -> list[str]:
    """One line each, of one place as it is after healing: what is there, whose it looks like, and the ways on.

    Raises OperationError.
    """
    seen = _Survey(helm, releases, stack)
    kinds = (
        *(seen.namespaces, seen.namespaces_that_end, seen.releases_in_place, seen.releases_in_config_maps),
        *(seen.workloads, seen.objects, seen.releases_to_be_deleted),
    )
    return [line for lines in kinds for line in lines()]


def require_none(stack: str, found: Sequence[str]) -> None:
    """Raises OperationError if there is one."""
    if found:
        raise OperationError(
            f"stack {stack}: {len(found)} in the way that no run of this stack made, and nothing of it was touched: "
            'see each line above, and docs/runbooks.md, "Something is there already"'
        )


def tell_neighbours(releases: Sequence[Found], stack: Stack, tell: Callable[[str], None]) -> None:
    """Say which releases of the product run in our namespaces beside ours; they stop nothing."""
    for found in releases:
        beside = stack.asks_for(namespace_of(found.spot)) and not stack.asks_for(found.spot)
        if beside and not stack.knows(found.spot) and found.chart.startswith(PRODUCT):
            tell(
                f"left alone: release {found} ({found.chart}, {found.status}) is in a namespace of this stack, and no "
                "run of this stack made it; an agent among them takes tasks from ours where both are on one queue"
            )


@dataclass(frozen=True)
class _Survey:
    helm: Helm
    releases: Sequence[Found]
    stack: Stack

    @cached_property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        return self.helm.namespaces()

    def namespaces(self) -> Iterator[str]:
        """Those that a run would make, and that are there."""
        stack, place = self.stack, self.helm.place
        for spot in stack.declared:
            if spot.place != place or spot.name or stack.knows(spot) or spot.namespace not in self._labels:
                continue
            labels = self._labels[spot.namespace]
            if not stack.takes(spot, labels):
                label = label_command(spot.namespace, stack.name, place)
                ways = (
                    _another_name(stack, spot),
                    self._taking_over(spot, spot.namespace),
                    f"if this stack may change and delete all that is in it: {label}",
                )
                yield (
                    f"namespace {spot.namespace} ({place}) is there, {namespace_maker(labels)}: "
                    f"{'; or, '.join(filter(None, ways))}"
                )

    def namespaces_that_end(self) -> Iterator[str]:
        """Those that a run would write into while the cluster deletes them."""
        wanted = {spot.namespace: spot for spot in self.stack.declared if spot.place == self.helm.place}
        if not wanted.keys() & self._labels.keys():
            return
        for metadata in self.helm.listed(NAMESPACES):
            if metadata.get("deletionTimestamp") and (spot := wanted.get(str(metadata.get("name")))):
                wait = kubectl(f"wait --for=delete namespace/{spot.namespace}", spot.place)
                yield (
                    f"namespace {spot.namespace} ({spot.place}) is being deleted, with all that is in it: wait until "
                    f"it is gone ({wait}), then run this again{self._or_another_name(spot)}"
                )

    def releases_in_place(self) -> Iterator[str]:
        """Those that a run would install, and that are there."""
        stack = self.stack
        for found in self.releases:
            if stack.asks_for(found.spot) and not stack.knows(found.spot):
                values = self.helm.values(found.spot)
                others = [self._lost(found), _another_name(stack, found.spot)]
                if found.status == "deployed":
                    others.append(self._taking_over(found.spot, str(found)))
                ways = _ways(found, *others)
                kept = _groups(values, stack.declared[found.spot])
                yield f"release {self._described(found)}, {self._whose(found, values)}: {ways}{kept}"

    def releases_in_config_maps(self) -> Iterator[str]:
        """Those that a run would install over, for Helm takes over what bears a release's own name."""
        for spot in self._in_config_maps:
            way = f"{MOVE}{self._or_another_name(spot)}"
            yield f"release {spot} ({spot.place}) is there, in ConfigMaps (HELM_DRIVER=configmap): {way}"

    def workloads(self) -> Iterator[str]:
        """What runs at a release's name without one: its record was deleted, or it was made without Helm."""
        missing = (spot for spot in self._missing() if self._is_own(spot.namespace))
        spots = [spot for spot in missing if spot not in self._in_config_maps]
        for spot, line in workloads_in_the_way(self.helm, spots):
            yield f"{line}{self._or_another_name(spot)}"

    def objects(self) -> Iterator[str]:
        """Others' quotas, policies and Secrets at names of ours, in namespaces that are this stack's."""
        yield from objects_in_the_way(self.helm, self.stack, [each for each in self._labels if self._is_own(each)])

    @cached_property
    def _in_config_maps(self) -> list[ReleaseAddress]:
        return self.helm.in_config_maps(self._missing())

    def _missing(self) -> list[ReleaseAddress]:
        """Releases that a run would install, and that Helm's Secrets do not have."""
        stack, there = self.stack, {found.spot for found in self.releases}
        return [
            spot
            for spot in stack.declared
            if spot.name and spot.place == self.helm.place and not stack.knows(spot) and spot not in there
        ]

    def _is_own(self, namespace: str) -> bool:
        """Whether a namespace that is there is the stack's; any other is in the way as a whole."""
        spot = ReleaseAddress(self.helm.place, namespace, "")
        labels = self._labels.get(namespace)
        return labels is not None and (self.stack.knows(spot) or self.stack.takes(spot, labels))

    def _or_another_name(self, spot: ReleaseAddress) -> str:
        way = _another_name(self.stack, spot)
        return f"; or, {way}" if way else ""

    def releases_to_be_deleted(self) -> Iterator[str]:
        """Those in a namespace of ours that no file asks for any more: a run deletes it with all that is in it."""
        stack = self.stack
        for found in self.releases:
            space = namespace_of(found.spot)
            if stack.knows(space) and not stack.asks_for(space) and not stack.knows(found.spot):
                whose = self._whose(found, self.helm.values(found.spot))
                told = f"release {self._described(found)}, {whose}, and would be deleted with its namespace"
                yield f"{told}: {_ways(found, 'keep the file that asks for the namespace')}"

    def _described(self, found: Found) -> str:
        return f"{found} ({self.helm.place}, {found.chart}, {found.status}) is there"

    def _lost(self, found: Found) -> str:
        """A way only where its namespace is this stack's by the label, and the state does not have it."""
        labels = self._labels.get(found.spot.namespace, {})
        lost = labels.get(STACK_LABEL) == self.stack.name and not self.stack.knows(namespace_of(found.spot))
        return 'bring the state back that made it, docs/runbooks.md, "The state is lost"' if lost else ""

    def _taking_over(self, spot: ReleaseAddress, entry: str) -> str:
        """How it comes into the state as it runs; nothing for what is another stack's."""
        stack = self.stack
        mark = self._labels.get(spot.namespace, {}).get(STACK_LABEL)
        if mark not in (None, stack.name):
            return ""
        first = "" if entry in stack.take_over else f"add {entry} to takeOver, then "
        return f"to take it over as it runs: {first}make takeover STACK={stack.name}"

    def _whose(self, found: Found, values: Mapping[str, Any]) -> str:
        labels = self._labels.get(found.spot.namespace, {})
        made = self.stack.installed_by_us(found.spot, values)
        if made:
            data = " and may hold data" if made == "server" else ""
            return f"made by a run of this stack that died before its record{data}"
        tool = tool_of(labels) or tool_in(self.helm.applied(found.spot))
        puts_back = f", and {tool} puts back what others change" if tool else ""
        return f"{maker(values, labels)}{puts_back}"


def _groups(values: Mapping[str, Any], file: str) -> str:
    """What has to be kept of a server before it is made anew: without its id, a group has lost its members."""
    ids = group_ids(values)
    if not ids:
        return ""
    lines = ", ".join(f"{key}: {{id: {id_}}}" for key, id_ in sorted(ids.items()))
    return f"; first write the ids that members of its groups are known by into groups of {file}: {lines}"


def _ways(found: Found, *others: str) -> str:
    spot = found.spot
    uninstall = helm_command(f"uninstall {spot.name} --namespace {spot.namespace}", spot.place)
    return "; or, ".join([*filter(None, others), f"if nobody needs it: {uninstall}"])


def _another_name(stack: Stack, spot: ReleaseAddress) -> str:
    """How ours gets out of the way; empty where it cannot, since its namespace is the stack's and stays."""
    file, tenant = stack.declared[spot], "/tenants/" in stack.declared[spot]
    if not stack.knows(namespace_of(spot)):
        return f"rename {file}: namespace and releases follow" if tenant else f"change server.namespace in {file}"
    key = stack.workers.get(spot)
    return f"give ours another name in {file}, {_like(stack, spot, key)}" if key else ""


def _like(stack: Stack, spot: ReleaseAddress, key: str) -> str:
    """The worker of that key under a name that no other of its kind has, or its release, where the file names that."""
    kind = key.partition(".")[0].removesuffix("s")
    if spot.name != release_name(spot.namespace, key.replace("s.", "-", 1)):
        return f"like another releaseName at {key}"
    taken = {each for other, each in stack.workers.items() if namespace_of(other) == namespace_of(spot)}
    name = next(each for each in _names(kind) if f"{kind}s.{each}" not in taken)
    return f"like {kind}s: {{{name}: {{…}}}} in place of {key}"


def _names(kind: str) -> Iterator[str]:
    first = "lab" if kind == "gateway" else "cpu"
    yield first
    yield from (f"{first}-{number}" for number in count(2))
