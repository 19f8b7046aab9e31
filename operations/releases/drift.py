"""What lives of a release against what its manifest says: told, and put back where nobody's own object is in the way.

Pulumi's plugins do not look into a release (pulumi-kubernetes issue 3089 and others): to them it is whole as long as
helm has its record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from components.namespaces.commands import kubectl
from operations.errors import OperationError
from operations.releases.helm import Found, Helm
from operations.releases.inventory import ReleaseAddress
from operations.releases.manifest import Object, differences, identity, living, objects
from operations.releases.objects import Refusal, dry_run, read
from operations.releases.ownership import Stack
from settings.models.cluster_ref import ClusterRef

_AT_A_TIME = 4
_SHOWN = 3
_RELEASE, _NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
# What ends by itself, and may be cleared away then.
_ONCE = frozenset({"Job", "Pod"})


@dataclass(frozen=True)
class Drift:
    """One object that is not as its manifest says. `obstacle`: why helm cannot put it back, and what to do."""

    kind: str
    name: str
    what: str
    obstacle: str = ""

    def __str__(self) -> str:
        named = " ".join(filter(None, (self.kind, self.name, self.what)))
        return f"{named} ({self.obstacle})" if self.obstacle else named


def drift_of(helm: Helm, spot: ReleaseAddress, status: Mapping[str, Any]) -> list[Drift]:
    """What of a release is not as deployed; `status` as `Helm.status` has it. Nothing of one that is not whole."""
    if (status.get("info") or {}).get("status") != "deployed":
        return []
    live = living(status)
    return [found for wanted in objects(status.get("manifest") or "") for found in _of(helm, spot, wanted, live)]


def drifted(helm: Helm, releases: Sequence[Found], stack: Stack) -> dict[Found, list[Drift]]:
    """Of the releases in one place that runs of this stack made and that its files still ask for."""
    ours = [found for found in releases if found.status == "deployed" and stack.deployed(found.spot)]

    def look(found: Found) -> list[Drift]:
        try:
            status = helm.status(found.spot)
        except OperationError as error:
            return [Drift("manifest", "", "cannot be compared", str(error))]
        ours_still = stack.is_ours(found.spot, status.get("config") or {})
        return drift_of(helm, found.spot, status) if ours_still else []

    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        return {found: drift for found, drift in zip(ours, pool.map(look, ours), strict=True) if drift}


def mend(helm: Helm, releases: Sequence[Found], stack: Stack, tell: Callable[[str], None]) -> None:
    """Put back what drifted, release by release: helm applies the manifest of the revision that runs once more.

    A release of which one object cannot be put back is left as it is, and told. Raises OperationError.
    """
    for found, drift in drifted(helm, releases, stack).items():
        revision = None if any(each.obstacle for each in drift) else helm.last_whole_revision(found.spot)
        if revision is None:
            for line in lines(found, drift):
                tell(f"not healed: {line}")
            continue
        stack.be_certain()
        helm.roll_back(found.spot, revision)
        for line in lines(found, drift):
            tell(f"healed: {line}: put back as revision {revision} has it")


def lines(found: Found, drift: Sequence[Drift]) -> Iterator[str]:
    """A line for each object."""
    yield from (f"release {found}: {each}" for each in drift)


def missing(releases: Sequence[Found], stack: Stack, helm: Helm) -> list[ReleaseAddress]:
    """Releases that the state has in this place and that helm does not know there: uninstalled by hand."""
    there = {found.spot for found in releases}
    recorded = (spot for spot in stack.recorded.releases if spot.place == helm.place)
    return sorted((spot for spot in recorded if spot not in there), key=str)


def _of(
    helm: Helm, spot: ReleaseAddress, wanted: Object, live: Mapping[tuple[str, str, str, str], Object]
) -> Iterator[Drift]:
    group, kind, namespace, name = identity(wanted, spot.namespace)
    found = live.get((group, kind, namespace, name)) or live.get((group, kind, "", name))
    if found is None:
        if kind in _ONCE:
            return
        # helm leaves out what it was not allowed to read as well.
        asked = read(helm, wanted, namespace)
        if isinstance(asked, Refusal):
            yield _missing(helm, wanted, namespace, asked)
            return
        found = asked
    if not _belongs(found, spot):
        yield Drift(
            kind,
            name,
            "is not this release's any more",
            f"if nobody needs it: {_delete(kind, name, namespace, helm.place)}",
        )
        return
    paths = differences(wanted, found)
    if paths:
        yield from _changed(helm, wanted, namespace, paths)


def _missing(helm: Helm, wanted: Object, namespace: str, asked: Refusal) -> Drift:
    _, kind, _, name = identity(wanted)
    if not asked.not_there:
        return Drift(kind, name, "cannot be read", asked.reason)
    return Drift(
        kind,
        name,
        "is missing",
        _obstacle(dry_run(helm, wanted, namespace), _delete(kind, name, namespace, helm.place)),
    )


def _changed(helm: Helm, wanted: Object, namespace: str, paths: Sequence[str]) -> Iterator[Drift]:
    """A difference that stays when the manifest is applied is how the server keeps it, and no drift."""
    tried = dry_run(helm, wanted, namespace)
    _, kind, _, name = identity(wanted)
    stays = frozenset[str]() if isinstance(tried, Refusal) else frozenset(differences(wanted, tried))
    changed = [path for path in paths if path not in stays]
    if changed:
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        what = f"differs in {', '.join(changed[:_SHOWN])}{more}"
        yield Drift(kind, name, what, _obstacle(tried, _delete(kind, name, namespace, helm.place)))


def _belongs(found: Object, spot: ReleaseAddress) -> bool:
    notes = (found.get("metadata") or {}).get("annotations") or {}
    return (notes.get(_RELEASE), notes.get(_NAMESPACE)) == (spot.name, spot.namespace)


def _delete(kind: str, name: str, namespace: str, place: ClusterRef) -> str:
    return kubectl(f"delete {kind.lower()} {name} --namespace {namespace}", place)


def _obstacle(tried: Object | Refusal, delete: str) -> str:
    if not isinstance(tried, Refusal):
        return ""
    if tried.unchangeable:
        return (
            "Kubernetes changes this in no existing object; delete it and run this again, which makes it anew: "
            f"{delete}"
        )
    return f"with these rights the cluster does not let it be put back: {tried.reason}"
