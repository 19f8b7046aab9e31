"""Which parts of the server a change of its release restarts, told before it happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# As `settings.models.charts` has them, which is not imported: a rehearsal runs an older copy's `settings` in a process
# with this one.
DOCKER_HUB, DOCKER_HUB_ITSELF = "docker.io", "index.docker.io"
# The parts that have pods, by their key in the Server chart's values (contract, 4.1).
_PARTS = ("apiserver", "clearmlApplications", "fileserver", "webserver")
# What of a part stands outside its pods.
_OUTSIDE = frozenset({"ingress", "service"})


def restarted(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Parts whose pods are made anew where the release's inputs go from `old` to `new`.

    All of them with another chart, or other values that are everybody's. A secret is the same mark before and after in
    what the engine tells, so one that was only replaced by another is not seen.
    """
    before, after = old.get("values") or {}, new.get("values") or {}
    if _chart(old) != _chart(new) or _shared(before) != _shared(after):
        return _PARTS
    return tuple(part for part in _PARTS if _inside(before.get(part)) != _inside(after.get(part)))


def _chart(release: Mapping[str, Any]) -> tuple[str, object]:
    """A chart at Docker Hub is the same by each of its names: with a login it is asked for by another."""
    return str(release.get("chart")).replace(f"://{DOCKER_HUB_ITSELF}/", f"://{DOCKER_HUB}/"), release.get("version")


def _shared(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _PARTS}


def _inside(part: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: each for key, each in (part or {}).items() if key not in _OUTSIDE}
