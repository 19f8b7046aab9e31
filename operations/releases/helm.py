"""Helm in one place: what is there, and the two ways of healing it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from components.namespaces.commands import helm as helm_command
from operations.command import output
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.releases.config_maps import in_config_maps
from operations.releases.inventory import ReleaseAddress
from operations.releases.namespaces import listed, namespaces
from settings.models.cluster_ref import ClusterRef
from settings.private_files import private_file

# Where the plugin keeps releases, whatever the shell asks helm for.
_STORAGE = {"HELM_DRIVER": "secret"}


@dataclass(frozen=True)
class Found:
    """A release in a cluster, in whatever status helm left it; `chart` is its name and version."""

    spot: ReleaseAddress
    status: str
    chart: str

    @property
    def pending(self) -> bool:
        """Whether helm is at work on it, or died while it was."""
        return self.status.startswith("pending-")

    def __str__(self) -> str:
        return str(self.spot)


@dataclass(frozen=True)
class Helm:
    """helm, aimed at one place; `executable` and `variables` for those who bring their own.

    `kubeconfig` is a file, KUBECONFIG's if not given; `context` is its current one if not given. `descriptors` are what
    helm reads it through, if it lies on no disk.
    """

    place: ClusterRef
    kubeconfig: str | None = None
    context: str | None = None
    executable: str = "helm"
    variables: Mapping[str, str] | None = None
    descriptors: tuple[int, ...] = ()

    def releases(self) -> list[Found]:
        """Every release, in every namespace. Raises OperationError."""
        # Not the default of 256, after which helm says nothing of the rest.
        listed = self._run("list", "--all-namespaces", "--all", "--max", "0", "--output", "json")
        return [
            Found(ReleaseAddress(self.place, each["namespace"], each["name"]), each["status"], each["chart"])
            for each in json.loads(listed or "[]")
        ]

    def status(self, spot: ReleaseAddress) -> Mapping[str, Any]:
        """`helm status` of a release, its live objects under `info.resources`. Raises OperationError."""
        told = self._run("status", spot.name, "--namespace", spot.namespace, "--show-resources", "--output", "json")
        found: Mapping[str, Any] = json.loads(told)
        return found

    def values(self, spot: ReleaseAddress) -> Mapping[str, Any]:
        """What a release was last given; it may hold secrets, so show nothing of it. Raises OperationError."""
        told = self._run("get", "values", spot.name, "--namespace", spot.namespace, "--output", "json")
        found: Mapping[str, Any] = json.loads(told) or {}
        return found

    def applied(self, spot: ReleaseAddress) -> str:
        """What helm last applied for a release, as text; it may hold secrets. Raises OperationError."""
        return self._run("get", "manifest", spot.name, "--namespace", spot.namespace)

    def last_whole_revision(self, spot: ReleaseAddress) -> int | None:
        """The revision to go back to: the one that runs, else the last that did, else the last that failed."""
        told = self._run("history", spot.name, "--namespace", spot.namespace, "--output", "json")
        history: list[dict[str, Any]] = json.loads(told)
        for status in ("deployed", "superseded", "failed"):
            revisions = [int(each["revision"]) for each in history if each["status"] == status]
            if revisions:
                return max(revisions)
        return None

    def uninstall(self, spot: ReleaseAddress) -> None:
        self._run("uninstall", spot.name, "--namespace", spot.namespace, "--wait")

    def roll_back(self, spot: ReleaseAddress, revision: int) -> None:
        """Raises OperationError.

        Helm fails on an object that `revision` has and the dead upgrade's does not, if that one died before it deleted
        it. What failed is recorded with the objects of `revision`, so a second attempt finds them.
        """
        command = ("rollback", spot.name, str(revision), "--namespace", spot.namespace)
        try:
            self._run(*command)
        except OperationError:
            self._run(*command)

    def namespaces(self) -> Mapping[str, Mapping[str, str]]:
        """The labels of each namespace, by its name. Raises OperationError."""
        return namespaces(self.kubeconfig, self.context)

    def listed(self, path: str, **query: str) -> list[Mapping[str, Any]]:
        """The `metadata` of a list's objects; none where the account may not look. Raises OperationError."""
        return listed(self.kubeconfig, self.context, path, query)

    def in_config_maps(self, spots: Iterable[ReleaseAddress]) -> list[ReleaseAddress]:
        """Those of `spots` that Helm keeps in ConfigMaps, where `releases` does not look. Raises OperationError."""
        return in_config_maps(self.kubeconfig, self.context, spots)

    def _run(self, *arguments: str) -> str:
        listed = helm_command("list --all-namespaces --all", self.place)
        then = f"see `{listed}`, then run this again"
        command = (self.executable, *arguments, *self._cluster())
        variables = {**(self.variables or {}), **_STORAGE}
        return output(*command, variables=variables, descriptors=self.descriptors, then=then)

    def _cluster(self) -> Iterator[str]:
        for option, value in (("--kubeconfig", self.kubeconfig), ("--kube-context", self.context)):
            if value:
                yield from (option, value)


@contextmanager
def helm_in(place: ClusterRef, stack: EngineStack) -> Iterator[Helm]:
    """helm for a place of a stack; nothing is left of a kubeconfig, wherever this process ends."""
    if not place.kubeconfig:
        yield Helm(place, context=place.kube_context)
        return
    with private_file(stack.kubeconfig(place.kubeconfig)) as file:
        yield Helm(place, file.path, place.kube_context, descriptors=file.descriptors)
