"""What restarts when a release changes: the pods that its chart makes of the inputs before and after, compared. Pure.

The inputs are the engine's, so a preview, an `up` and a comment tell the same. A secret in them is a mark. Whether it
changes, the engine tells beside it; where it does not, what hangs on the secret cannot be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from operations.preview.restarts.stand_ins import Inputs, filled, without_marks
from operations.preview.steps import Step
from operations.urns import RELEASE

# As `settings.models.charts` has them, which is not imported: a rehearsal runs an older copy's `settings` in a process
# with this one.
DOCKER_HUB, DOCKER_HUB_ITSELF = "docker.io", "index.docker.io"
UNSEEN = "cannot be seen, assume it restarts"
Pods = Mapping[str, object]
"""Pod templates, by the name of what makes the pods."""
Render = Callable[[Inputs], Pods]
"""What the chart makes of a release's inputs. Raises NotRenderedError."""
_WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
_SHOWN = 20


class NotRenderedError(Exception):
    """Nothing is known of what the chart makes."""


@dataclass(frozen=True)
class Restarts:
    """Of one release: `parts` restart, `ends` are there no more, of `unseen` it cannot be known.

    `release` is its name; one that does not say whose it is has its tenant's before it, like `acme/clearml-agent`.
    """

    release: str
    parts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`restarts apiserver, webserver`, `restarts nothing`, `restarts apiserver; fileserver ends`, …"""
        parts = f"restarts {', '.join(self.parts)}" if self.parts else ""
        ends = f"{', '.join(self.ends)} ends" if self.ends else ""
        unseen = f"{UNSEEN}: {', '.join(self.unseen)}" if self.unseen else ""
        return "; ".join(filter(None, (parts, ends, unseen))) or "restarts nothing"


def changed_releases(steps: Iterable[Step]) -> Iterator[Step]:
    """Those of which something may restart: one that is made, replaced or removed is told as that."""
    yield from (step for step in steps if step.token == RELEASE and step.operation == "update")


def unseen(step: Step) -> Restarts:
    """Of a release that nobody rendered."""
    return Restarts(_release(step), unseen=(_helm_name(step),))


def pods_of(objects: Iterable[Mapping[str, Any]]) -> Pods:
    """The pod templates among a chart's objects."""
    return {each["metadata"]["name"]: each["spec"]["template"] for each in objects if each.get("kind") in _WORKLOADS}


def restarts_of(step: Step, before: Render, after: Render) -> Restarts:
    """What the step, an update of a release, restarts. `before` and `after` render its inputs of then and of now."""
    release = _release(step)
    reached = _as_reached(step.old, step.new)
    old, new, doubted = without_marks(replace(step, old=reached))
    same_chart = _chart(old) == _chart(new)
    if before is after and reached is step.old and old.get("description") != new.get("description"):
        # The files of a chart in a folder changed, of which those of before are not there any more.
        return unseen(step)
    if before is after and same_chart and old.get("values") == new.get("values") == doubted.get("values"):
        return Restarts(release)
    if same_chart:
        # The plugin tells no version of a chart in a folder while something in the values is not known yet.
        new = {**new, "version": new.get("version") or old.get("version")}
    try:
        told = _compared(before(old), _rendered(after, new, old), before(doubted), before(old))
    except NotRenderedError:
        return unseen(step)
    called = _helm_name(step)
    return Restarts(release, *(tuple(sorted(_part(name, called) for name in names)) for names in told))


def _as_reached(old: Inputs, new: Inputs) -> Inputs:
    """Of a release that was taken over, Helm remembers the chart's name and version, and not where it came from.

    It is looked for where the new one is: a registry has every version, a folder has one.
    """
    chart, _, _ = str(new.get("chart")).partition("@")
    if old.get("repositoryOpts") or old.get("description") or old.get("chart") != PurePosixPath(chart).name:
        return old
    whole = new["chart"] if old.get("version") == new.get("version") else chart
    return {**old, "chart": whole, "repositoryOpts": new.get("repositoryOpts")}


def _helm_name(step: Step) -> str:
    return str(step.new.get("name") or step.name)


def _release(step: Step) -> str:
    """A release that was taken over keeps the name that somebody gave it, in more than one namespace the same."""
    name = _helm_name(step)
    return f"{step.tenant}/{name}" if step.tenant and name != step.name else name


def _rendered(render: Render, new: Inputs, old: Inputs) -> Pods:
    """What the engine does not know yet is missing in what it tells, which a chart may not stand."""
    try:
        return render(new)
    except NotRenderedError:
        return render({**new, "values": filled(old.get("values"), new.get("values"), "values")})


def tenant_lines(restarts: Iterable[Restarts]) -> Iterator[str]:
    """Of the tenants' releases that change, all together: what restarts, what does not, what cannot be seen."""
    found = sorted(restarts, key=lambda each: each.release)
    for title, chosen in (
        ("restart", [each for each in found if each.parts or each.ends]),
        ("change without a restart", [each for each in found if each == Restarts(each.release)]),
        (UNSEEN, [each for each in found if each.unseen]),
    ):
        if chosen:
            more = f" and {len(chosen) - _SHOWN} more" if len(chosen) > _SHOWN else ""
            yield f"{title}: {', '.join(each.release for each in chosen[:_SHOWN])}{more}"


def _compared(before: Pods, after: Pods, doubted: Pods, again: Pods) -> tuple[set[str], set[str], set[str]]:
    """Names of what restarts, ends, and cannot be seen: a chart may also draw something by chance each time."""
    there = before.keys() & after.keys()
    differing = {name for name in there if before[name] != after[name]}
    by_chance = {name for name in differing if before[name] != again.get(name)}
    doubtful = {name for name in there if doubted.get(name) != after[name]}
    return differing - by_chance, set(before.keys() - after.keys()), by_chance | (doubtful - differing)


def _part(name: str, release: str) -> str:
    """`apiserver` of `clearml-enterprise-apiserver`; an agent's only pod is called as its release."""
    return name.removeprefix(f"{release}-")


def _chart(release: Inputs) -> tuple[object, ...]:
    """A chart at Docker Hub is the same by each of its names: with a login it is asked for by another."""
    place = str(release.get("chart")).replace(f"://{DOCKER_HUB_ITSELF}/", f"://{DOCKER_HUB}/")
    version = release.get("version") if "://" in place or _repository(release) else None
    return place, _repository(release), version


def _repository(release: Inputs) -> str:
    return str((release.get("repositoryOpts") or {}).get("repo") or "")
