"""Releases that Helm keeps in ConfigMaps, where no run of this program looks: it would install its own over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from components.namespaces.api_server import ApiServer, ClusterError, StatusError
from operations.errors import OperationError
from operations.releases.inventory import ReleaseAddress

_SECONDS = 30
_FORBIDDEN = 403
_GONE = ("uninstalled", "superseded")
MOVE = 'move its record into Secrets, docs/adoption.md, "Releases in ConfigMaps"'


def in_config_maps(
    kubeconfig: str | None, context: str | None, spots: Iterable[ReleaseAddress]
) -> list[ReleaseAddress]:
    """Those of `spots`, all of this cluster, that are kept there; none where the account may not look.

    The cluster is asked once, and not at all without `spots`. Raises OperationError.
    """
    wanted = list(spots)
    if not wanted:
        return []
    try:
        kept = set(_names(ApiServer.of_file(kubeconfig, context, _SECONDS)))
    except StatusError as error:
        if error.status == _FORBIDDEN:
            return []
        raise OperationError(f"its ConfigMaps cannot be listed: HTTP {error.status} {error.reason}") from None
    except ClusterError as error:
        text = f"its ConfigMaps cannot be listed: {error.reason}: mend that, then run this again"
        raise OperationError(text) from None
    return [spot for spot in wanted if (spot.namespace, spot.name) in kept]


def _names(api: ApiServer) -> Iterator[tuple[str, str]]:
    """Namespace and name of each release; only labels are sent."""
    for each in api.items("/api/v1/configmaps", metadata_only=True, labelSelector="owner=helm"):
        labels = each["metadata"].get("labels") or {}
        if labels.get("status") not in _GONE:
            yield str(each["metadata"].get("namespace")), str(labels.get("name"))
