"""The namespaces of a cluster, asked of its API server: helm knows only those that hold a release."""

from __future__ import annotations

from collections.abc import Mapping

from components.namespaces.api_server import ApiServer, ClusterError, StatusError
from operations.errors import OperationError

_SECONDS = 30


def namespaces(kubeconfig: str | None, context: str | None) -> Mapping[str, Mapping[str, str]]:
    """The labels of each, by its name; `kubeconfig` is a file, KUBECONFIG's if not given. Raises OperationError."""
    try:
        return ApiServer.of_file(kubeconfig, context, _SECONDS).namespaces()
    except StatusError as error:
        raise OperationError(f"its namespaces cannot be listed: HTTP {error.status} {error.reason}") from None
    except ClusterError as error:
        raise OperationError(
            f"its namespaces cannot be listed: {error.reason}: mend that, then run this again"
        ) from None
