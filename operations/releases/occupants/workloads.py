"""What runs under the name of a release of ours, without a release: Helm would take it over, or fail at it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from components.namespaces.commands import kubectl
from operations.releases.helm import Helm
from operations.releases.inventory import ReleaseAddress
from operations.releases.occupants.makers import maker_of, of_release

_PATHS = {
    "Deployment": "/apis/apps/v1/deployments",
    "StatefulSet": "/apis/apps/v1/statefulsets",
    "DaemonSet": "/apis/apps/v1/daemonsets",
}


def workloads_in_the_way(helm: Helm, spots: Collection[ReleaseAddress]) -> Iterator[tuple[ReleaseAddress, str]]:
    """Each with what is there and who made it. `spots`: releases of one place that are not there.

    Nothing is asked without any. Raises OperationError.
    """
    by_name = {(spot.namespace, spot.name): spot for spot in spots}
    for kind, path in _PATHS.items() if by_name else ():
        for metadata in helm.listed(path):
            own = str(metadata.get("namespace")), str(metadata.get("name"))
            spot = by_name.get(of_release(metadata)) or by_name.get(own)
            if spot and not metadata.get("deletionTimestamp"):
                delete = kubectl(f"delete {kind.lower()} {own[1]} --namespace {own[0]}", spot.place)
                yield (
                    spot,
                    f"{kind} {'/'.join(own)} ({spot.place}) is there without a release, made by {maker_of(metadata)}; "
                    f"Helm would take it for {spot}, or fail at it: if nobody needs it: {delete}",
                )
