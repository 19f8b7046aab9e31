"""When an object counts as made: at once for most kinds, later for those that start something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.plugins.kubernetes.kinds import GroupKind

Live = Mapping[str, Any]
Check = Callable[[Live], str | None]


def not_ready(kind: GroupKind, live: Live) -> str | None:
    """What is still awaited, None when there is nothing (more) to wait for.

    The annotation `pulumi.com/skipAwait: "true"` asks not to wait.
    """
    annotations = (live.get("metadata") or {}).get("annotations") or {}
    check = _CHECKS.get((kind.group, kind.kind))
    if check is None or annotations.get("pulumi.com/skipAwait") == "true":
        return None
    return check(live)


def _status(live: Live) -> Mapping[str, Any]:
    return live.get("status") or {}


def _behind(live: Live) -> bool:
    """The controller has not seen this generation yet."""
    return int(_status(live).get("observedGeneration", 0)) < int(live["metadata"].get("generation", 0))


def _phase(*wanted: str) -> Check:
    def check(live: Live) -> str | None:
        phase = _status(live).get("phase", "unknown")
        return None if phase in wanted else f"phase is {phase}, awaited is {' or '.join(wanted)}"

    return check


def _replicas(*counters: str) -> Check:
    def check(live: Live) -> str | None:
        if _behind(live):
            return "its controller has not seen the change yet"
        wanted = live["spec"].get("replicas", 1)
        for counter in counters:
            if _status(live).get(counter, 0) < wanted:
                return f"{counter} is {_status(live).get(counter, 0)} of {wanted}"
        return None

    return check


def _daemons(live: Live) -> str | None:
    if _behind(live):
        return "its controller has not seen the change yet"
    wanted, ready = _status(live).get("desiredNumberScheduled", 0), _status(live).get("numberReady", 0)
    return None if ready >= wanted else f"numberReady is {ready} of {wanted}"


def _condition(wanted: str) -> Check:
    def check(live: Live) -> str | None:
        conditions = {entry.get("type"): entry for entry in _status(live).get("conditions") or []}
        if conditions.get(wanted, {}).get("status") == "True":
            return None
        failed = conditions.get("Failed", {})
        return str(failed["message"]) if failed.get("message") else f"condition {wanted} is not met"

    return check


_CHECKS: dict[tuple[str, str], Check] = {
    ("", "Namespace"): _phase("Active"),
    ("", "PersistentVolume"): _phase("Available", "Bound"),
    ("", "Pod"): lambda live: None if _status(live).get("phase") == "Succeeded" else _condition("Ready")(live),
    ("apps", "Deployment"): _replicas("updatedReplicas", "availableReplicas"),
    ("apps", "StatefulSet"): _replicas("updatedReplicas", "readyReplicas"),
    ("apps", "DaemonSet"): _daemons,
    ("batch", "Job"): _condition("Complete"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _condition("Established"),
}
