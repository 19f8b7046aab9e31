"""What is asked of one cluster about workers: their releases, what drifted of these, and others' workers beside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from components.clearml.api.errors import ClearMLError
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.releases.drift import Drift, drift_of
from operations.releases.helm import Helm, helm_in
from operations.releases.inventory import ReleaseAddress
from operations.releases.neighbours import Neighbour, beside, neighbours
from settings.models.cluster_ref import ClusterRef


class ClusterQuestions:
    """Asks helm in a place; of one that does not answer, that is found out once, and `away` says why."""

    def __init__(
        self, open_: ExitStack, place: ClusterRef, stack: EngineStack, own: Collection[ReleaseAddress] = ()
    ) -> None:
        self.place, self.stack = place, stack.name
        self._reached, why_not = _or_reason(lambda: self._reach(open_, stack, own))
        self.away = f"{place}: {why_not}" if self._reached is None else ""

    def status(self, namespace: str, name: str) -> tuple[Any, str]:
        """A release's with what drifted of it, or None and why not."""
        if self._reached is None:
            return None, f"{self.place} cannot be asked"
        helm, _ = self._reached
        return _or_reason(lambda: _looked_at(helm, ReleaseAddress(self.place, namespace, name)))

    def beside(self, namespace: str, access_keys: Collection[str]) -> str:
        """Others' workers beside a tenant's."""
        return "; ".join(beside(self._neighbours, namespace, access_keys))

    @property
    def keys_in_use(self) -> dict[str, str]:
        """Others' workers by their access keys."""
        return {each.access_key: f"release {each.found}" for each in self._neighbours if each.access_key}

    @property
    def _neighbours(self) -> Sequence[Neighbour]:
        return self._reached[1] if self._reached else ()

    def _reach(
        self, open_: ExitStack, stack: EngineStack, own: Collection[ReleaseAddress]
    ) -> tuple[Helm, list[Neighbour]]:
        helm = open_.enter_context(helm_in(self.place, stack))
        releases = helm.releases()
        return helm, neighbours(helm, releases, own) if own else []


def _looked_at(helm: Helm, spot: ReleaseAddress) -> tuple[Mapping[str, Any], list[Drift]]:
    status = helm.status(spot)
    return status, drift_of(helm, spot, status)


def _or_reason(ask: Callable[[], Any]) -> tuple[Any, str]:
    """What was answered, or None and why not: one part that does not answer hides no other."""
    try:
        return ask(), ""
    except (ClearMLError, OperationError) as error:
        return None, str(error)
