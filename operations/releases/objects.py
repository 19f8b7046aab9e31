"""Asks an API server for one object, and what it would keep of another, without keeping it: it fills in and refuses."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from operations.releases.helm import Helm

_SECONDS = 30
_NOT_FOUND, _UNPROCESSABLE = 404, 422


@dataclass(frozen=True)
class Refusal:
    """Why there is no answer; what the server says itself may quote values, so only its word for it."""

    reason: str
    not_there: bool = False
    unchangeable: bool = False


def read(helm: Helm, wanted: Mapping[str, Any], namespace: str) -> Mapping[str, Any] | Refusal:
    """The live object of the same kind and name."""
    name = (wanted.get("metadata") or {}).get("name")
    return _response(helm, wanted, lambda api, kind: api.get(kind, name=name, namespace=namespace))


def dry_run(helm: Helm, wanted: Mapping[str, Any], namespace: str) -> Mapping[str, Any] | Refusal:
    """The object as it would be kept once this was applied to it as helm. It takes the right to patch it."""

    def apply(api: Any, kind: Any) -> Any:  # noqa: ANN401 - the client's own, which have no types
        options = {"field_manager": "helm", "force_conflicts": True, "dry_run": "All", "_request_timeout": _SECONDS}
        return api.server_side_apply(kind, dict(wanted), namespace=namespace, **options)

    return _response(helm, wanted, apply)


def _response(helm: Helm, wanted: Mapping[str, Any], ask: Callable[[Any, Any], Any]) -> Mapping[str, Any] | Refusal:
    # Half a second that only a place with a difference in it has to spend.
    from kubernetes import client, config, dynamic  # noqa: PLC0415
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    loading: Any = config
    try:
        # As helm takes it at this moment; the client read the variable when it was imported.
        kubeconfig = helm.kubeconfig or os.environ.get("KUBECONFIG")
        connect: Any = dynamic.DynamicClient
        api = connect(loading.new_client_from_config(kubeconfig, helm.context, persist_config=False))
        kind = api.resources.get(api_version=wanted.get("apiVersion"), kind=wanted.get("kind"))
        found: Mapping[str, Any] = ask(api, kind).to_dict()
    except dynamic.exceptions.ResourceNotFoundError:
        return Refusal(f"the cluster has no {wanted.get('kind')} of {wanted.get('apiVersion')}")
    except client.ApiException as error:
        return Refusal(
            f"HTTP {error.status} {error.reason}",
            not_there=error.status == _NOT_FOUND,
            unchangeable=error.status == _UNPROCESSABLE,
        )
    except (HTTPError, config.ConfigException, OSError, yaml.YAMLError) as error:
        return Refusal(f"it does not answer ({type(error).__name__})")
    return found
