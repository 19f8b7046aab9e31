"""Helm in one place: what is there, and the two ways of healing it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.place import Place
from operations.command import output
from operations.engine import EngineStack
from operations.recorded import Spot


@dataclass(frozen=True)
class Found:
    """A release in a cluster, in whatever status helm left it; `chart` is its name and version."""

    spot: Spot
    status: str
    chart: str

    def __str__(self) -> str:
        return str(self.spot)


@dataclass(frozen=True)
class Helm:
    """helm, aimed at one place; `executable` and `variables` for those who bring their own."""

    place: Place
    cluster: tuple[str, ...] = ()
    executable: str = "helm"
    variables: Mapping[str, str] | None = None

    def releases(self) -> list[Found]:
        """Every release, in every namespace. Raises OperationError."""
        # Not the default of 256, after which helm says nothing of the rest.
        listed = self._run("list", "--all-namespaces", "--all", "--max", "0", "--output", "json")
        return [
            Found(Spot(self.place, each["namespace"], each["name"]), each["status"], each["chart"])
            for each in json.loads(listed or "[]")
        ]

    def status(self, spot: Spot) -> Mapping[str, Any]:
        """`helm status` of a release, its live objects under `info.resources`. Raises OperationError."""
        told = self._run("status", spot.name, "--namespace", spot.namespace, "--show-resources", "--output", "json")
        found: Mapping[str, Any] = json.loads(told)
        return found

    def last_whole_revision(self, spot: Spot) -> int | None:
        """The revision to go back to: the one that runs, else the last that did, else the last that failed."""
        told = self._run("history", spot.name, "--namespace", spot.namespace, "--output", "json")
        history: list[dict[str, Any]] = json.loads(told)
        for status in ("deployed", "superseded", "failed"):
            revisions = [int(each["revision"]) for each in history if each["status"] == status]
            if revisions:
                return max(revisions)
        return None

    def uninstall(self, spot: Spot) -> None:
        self._run("uninstall", spot.name, "--namespace", spot.namespace, "--wait")

    def roll_back(self, spot: Spot, revision: int) -> None:
        self._run("rollback", spot.name, str(revision), "--namespace", spot.namespace)

    def _run(self, *arguments: str) -> str:
        then = "see `helm list --all-namespaces --all`, then run this again"
        return output(self.executable, *arguments, *self.cluster, variables=self.variables, then=then)


@contextmanager
def helm_in(place: Place, stack: EngineStack) -> Iterator[Helm]:
    """helm for a place of a stack; a kubeconfig lies in a private file (mode 0600) for as long as the block runs."""
    context = ("--kube-context", place.kube_context) if place.kube_context else ()
    if not place.kubeconfig:
        yield Helm(place, context)
        return
    content = stack.kubeconfig(place.kubeconfig)
    descriptor, name = tempfile.mkstemp(prefix="kubeconfig-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
        yield Helm(place, ("--kubeconfig", name, *context))
    finally:
        Path(name).unlink(missing_ok=True)
