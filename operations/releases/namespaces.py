"""Namespaces of a cluster, and names in them, asked of its API server: helm knows only what belongs to a release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.namespaces.api_server import ApiServer, ClusterError, StatusError
from operations.errors import OperationError

_SECONDS = 30
NAMESPACES = "/api/v1/namespaces"
_FORBIDDEN = 403


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


def listed(kubeconfig: str | None, context: str | None, path: str, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The `metadata` of each object of a list, and nothing else of it; none where the account may not look.

    Raises OperationError.
    """
    try:
        found = ApiServer.of_file(kubeconfig, context, _SECONDS).items(path, metadata_only=True, **query)
        return [each["metadata"] for each in found]
    except StatusError as error:
        if error.status == _FORBIDDEN:
            return []
        raise OperationError(f"{path} cannot be listed: HTTP {error.status} {error.reason}") from None
    except ClusterError as error:
        raise OperationError(f"{path} cannot be listed: {error.reason}: mend that, then run this again") from None
