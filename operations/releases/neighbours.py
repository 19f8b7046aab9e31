"""Workers of the product that no run of this stack made, told beside the tenant that they may take tasks from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from operations.releases.heal import PRODUCT
from operations.releases.helm import Found, Helm
from operations.releases.inventory import ReleaseAddress
from operations.releases.ownership import texts_of
from operations.releases.worker_keys import access_key_in

_AT_A_TIME = 4


@dataclass(frozen=True)
class Neighbour:
    """A release and the texts in its values; they may be secrets, and are only compared.

    `access_key`: of a worker, where its values have one.
    """

    found: Found
    texts: frozenset[str]
    access_key: str = ""


def neighbours(helm: Helm, releases: Collection[Found], own: Collection[ReleaseAddress]) -> list[Neighbour]:
    """Of one place. `own`: the releases of this stack there. Raises OperationError."""
    others = [found for found in releases if found.spot not in own and found.chart.startswith(PRODUCT)]
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        values = pool.map(lambda found: helm.values(found.spot), others)
        told = zip(others, values, strict=True)
        return [Neighbour(found, texts_of(each), access_key_in(each)) for found, each in told]


def beside(found: Collection[Neighbour], namespace: str, access_keys: Collection[str]) -> Iterator[str]:
    """One line for each that lies in a tenant's namespace, or signs in with a key of the tenant's admin."""
    for each in found:
        release = each.found
        what = f"release {release} ({release.chart}, {release.status}), which no run of this stack made,"
        used = sorted(each.texts.intersection(access_keys))
        if used:
            yield f"{what} signs in as this tenant with key {used[0]}: an agent on the same queue takes tasks from ours"
        elif release.spot.namespace == namespace:
            yield f"{what} is in this tenant's namespace: an agent on the same queue takes tasks from ours"
