"""What an earlier run of this stack made in its namespaces, where the state that knew it is lost.

Only names and managers are asked for, and not what is in an object; Kubernetes says by its field managers who made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.namespaces.api_server import ApiServer, ClusterError, StatusError
from operations.errors import OperationError
from operations.releases.helm import Helm
from settings.models.secrets import granted
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import (
    IDENTITY_PROVIDERS_SECRET,
    ISOLATION_PARTS,
    LIMIT_RANGE,
    NETWORK_POLICY,
    REGISTRY_SECRET,
    RESOURCE_QUOTA,
    SECRET,
    SUPERVISOR_SECRET,
    declared_secret_name,
    isolation_name,
    registry_secret_name,
    worker_secret_name,
)

_SECONDS = 30
_LISTS = {
    NETWORK_POLICY: ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
    RESOURCE_QUOTA: ("v1", "ResourceQuota", "resourcequotas"),
    LIMIT_RANGE: ("v1", "LimitRange", "limitranges"),
    SECRET: ("v1", "Secret", "secrets"),
}
# The plugin calls itself so, with something random behind it for each object.
_MANAGER = "pulumi-kubernetes-"
_TYPES = ("Opaque", "kubernetes.io/dockerconfigjson")


@dataclass(frozen=True)
class Object:
    """One object; `manager` made it, `type` is a Secret's."""

    token: str
    namespace: str
    name: str
    manager: str
    type: str = ""

    @property
    def version(self) -> str:
        return _LISTS[self.token][0]

    @property
    def kind(self) -> str:
        return _LISTS[self.token][1]


def managers(helm: Helm) -> Mapping[str, str]:
    """Who of this program's runs made a namespace, by its name. Raises OperationError."""
    return dict(_listed(helm, "/api/v1/namespaces"))


def objects_in(helm: Helm, namespace: str) -> list[Object]:
    """Those that runs of this program made in a namespace. Raises OperationError."""
    found = list[Object]()
    for token, (version, _, plural) in _LISTS.items():
        path = f"/api{'s' if '/' in version else ''}/{version}/namespaces/{namespace}/{plural}"
        kinds = _TYPES if token == SECRET else ("",)
        for kind in kinds:
            query = {"fieldSelector": f"type={kind}"} if kind else {}
            found += [Object(token, namespace, *each, kind) for each in _listed(helm, path, **query)]
    return found


def resource_name(found: Object, tenant: Tenant | None, stack: StackSettings) -> tuple[str, str]:
    """What the program calls it, and the use of the worker that it is of; empty if the program makes no such thing."""
    if found.token != SECRET:
        # Another program's object may have the same kind of manager, and what is not declared would be deleted.
        own = tenant is not None and found.name in _isolation_parts(found.token, tenant)
        return (isolation_name(tenant.name, found.name), "") if tenant and own else ("", "")
    if found.name == REGISTRY_SECRET:
        return registry_secret_name(found.namespace), ""
    if tenant is None:
        own = found.name in (SUPERVISOR_SECRET, IDENTITY_PROVIDERS_SECRET)
        return (found.name if own else _declared(found, stack.secrets)), ""
    for use in tenant.uses:
        if found.name == worker_secret_name(tenant.worker_of(use)):
            return found.name, use
    return _declared(found, {**tenant.secrets, **granted(stack.secrets, tenant.name)}), ""


def _isolation_parts(token: str, tenant: Tenant) -> frozenset[str]:
    """Their names; of gateways' policies those that the tenant's file asks for."""
    return ISOLATION_PARTS[token] | frozenset(tenant.all_gateways if token == NETWORK_POLICY else ())


def _declared(found: Object, declared: Mapping[str, object]) -> str:
    return declared_secret_name(found.namespace, found.name) if found.name in declared else ""


def _listed(helm: Helm, path: str, **query: str) -> Iterator[tuple[str, str]]:
    """Name and manager of each that this program made."""
    try:
        api = ApiServer.of_file(helm.kubeconfig, helm.context, _SECONDS)
        for each in api.items(path, metadata_only=True, **query):
            metadata = each["metadata"]
            manager = next((name for name in _managers(metadata) if name.startswith(_MANAGER)), "")
            if manager:
                yield str(metadata["name"]), manager
    except StatusError as error:
        raise OperationError(f"{path} cannot be listed: HTTP {error.status} {error.reason}") from None
    except ClusterError as error:
        raise OperationError(f"{path} cannot be listed: {error.reason}: mend that, then run this again") from None


def _managers(metadata: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(each.get("manager")) for each in metadata.get("managedFields") or ())
