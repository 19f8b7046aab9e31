"""The namespaces of a cluster, asked of its API server: helm knows only those that hold a release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from operations.errors import OperationError

_SECONDS = 30


def namespaces(kubeconfig: str | None, context: str | None) -> Mapping[str, Mapping[str, str]]:
    """The labels of each, by its name; `kubeconfig` is a file, KUBECONFIG's if not given. Raises OperationError."""
    # Half a second that only a stack with something new in it has to spend.
    from kubernetes import client, config  # noqa: PLC0415
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    loading: Any = config
    try:
        api = client.CoreV1Api(loading.new_client_from_config(kubeconfig, context, persist_config=False))
        listed: Any = api.list_namespace(_request_timeout=_SECONDS)
    except client.ApiException as error:
        raise OperationError(f"its namespaces cannot be listed: HTTP {error.status} {error.reason}") from None
    except (HTTPError, config.ConfigException, OSError) as error:
        reason = " ".join(str(error).split())
        raise OperationError(f"its namespaces cannot be listed: {reason}: mend that, then run this again") from None
    return {each.metadata.name: dict(each.metadata.labels or {}) for each in listed.items}
