"""Pure: what the state says of a namespace or a release that this stack's runs did not make.

Name and namespace are right, so nothing is replaced; all else is as it is in the cluster, so that a preview shows what
a run would change. Values are told as secrets where they look like one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from pulumi.runtime import rpc

from operations.takeover.objects import Object, resource_name
from operations.takeover.secrets import with_secrets
from operations.takeover.targets import LiveTarget
from settings.models.cluster_ref import ClusterRef
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.shards import Part
from settings.types.naming import (
    AGENT,
    GATEWAY,
    ISOLATION,
    KUBERNETES_PROVIDER,
    NAMESPACE,
    PLATFORM,
    PROJECT,
    RELEASE,
    SECRET,
    STACK_LABEL,
    TENANT,
    is_gateway,
    isolation_name,
    registry_secret_name,
    release_name,
)

_STACK = "pulumi:pulumi:Stack"
Record = dict[str, Any]


def secret(value: object) -> Record:
    """As a state has one before the engine encrypts it."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "plaintext": json.dumps(value)}


class Records:
    """The records of one stack, by its settings and its tenants; `there` are those that its state has.

    Labels and identifiers are the environment's, and only names of resources the stack's (components.shards.clusters).
    """

    def __init__(
        self, part: Part, settings: StackSettings, tenants: Mapping[str, Tenant], there: Iterable[Mapping[str, Any]]
    ) -> None:
        self._part, self._settings, self._tenants = part, settings, tenants
        self._ids = {str(each["urn"]): str(each.get("id") or "") for each in there}
        self.new: list[Record] = []

    def add(self, taken: LiveTarget) -> None:
        """What is taken over, and before it whatever it hangs on."""
        target = taken.target
        provider = self._provider(target.spot.place)
        parent = self._parent(target.tenant, target.use)
        kind = self._release(taken) if target.use else self._namespace(taken)
        self._append({**kind, "parent": parent, "provider": provider, "protect": True}, kind["id"])
        for each in taken.objects:
            self._add_object(each, target.tenant, provider)

    def _add_object(self, found: Object, tenant: str, provider: str) -> None:
        name, use = resource_name(found, self._tenants.get(tenant), self._settings)
        if not name:
            return
        above = _types_above(tenant, use)
        parent = self._parent(tenant, use)
        if found.token != SECRET:
            above = [TENANT, ISOLATION]
            parent = self._component(ISOLATION, isolation_name(tenant), TENANT, parent=parent)
        typed_ones = found.token == SECRET and (name == registry_secret_name(found.namespace) or "/" in name)
        typed = {"type": found.type} if typed_ones else {}
        metadata = {"name": found.name, "namespace": found.namespace}
        seen = {"apiVersion": found.version, "kind": found.kind, "metadata": metadata, **typed}
        identifier = f"{found.namespace}/{found.name}"
        record = {"urn": self._urn(name, *above, found.token), "type": found.token, **_known(seen, found.manager)}
        self._append({**record, "parent": parent, "provider": provider}, identifier)

    def _append(self, record: Record, identifier: str = "") -> str:
        urn = str(record["urn"])
        if urn not in self._ids:
            self._ids[urn] = identifier
            self.new.append({"custom": bool(identifier), **record, **({"id": identifier} if identifier else {})})
        return urn

    def _component(self, kind: str, name: str, *above: str, parent: str) -> str:
        return self._append({"urn": self._urn(name, *above, kind), "type": kind, "parent": parent})

    def _root(self) -> str:
        return self._append({"urn": self._urn(f"{PROJECT}-{self._part.stack}", _STACK), "type": _STACK})

    def _platform(self) -> str:
        return self._component(PLATFORM, "platform", parent=self._root())

    def _parent(self, tenant: str, use: str) -> str:
        if not tenant:
            return self._platform()
        above = self._component(TENANT, tenant, parent=self._root())
        return self._component(_worker(use), release_name(tenant, use), TENANT, parent=above) if use else above

    def _provider(self, place: ClusterRef) -> str:
        """Named and identified as `components.platform` does. A kubeconfig's content is left to the next run."""
        own, environment = place == self._settings.own_cluster, self._part.environment
        # A shard has no platform.
        parent, above = (self._root(), []) if self._part.shard else (self._platform(), [PLATFORM])
        name = "kubernetes" if own else f"kubernetes/{place}"
        inputs = {
            "clusterIdentifier": environment if own else f"{environment}/{place}",
            "context": place.kube_context,
            "enableSecretMutable": "true",
            "version": version("pulumi-kubernetes"),
        }
        known = {key: value for key, value in inputs.items() if value is not None}
        record = {
            "urn": self._urn(name, *above, KUBERNETES_PROVIDER),
            "type": KUBERNETES_PROVIDER,
            "parent": parent,
            "inputs": {"__internal": {}, **known},
            "outputs": known,
        }
        urn = self._append(record, str(uuid4()))
        return f"{urn}::{self._ids[urn]}"

    def _namespace(self, taken: LiveTarget) -> Record:
        """With this environment's label, which a run writes when it makes one and never changes after."""
        name = taken.target.spot.namespace
        labels = {STACK_LABEL: self._part.environment}
        seen = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        urn = self._urn(name, *_types_above(taken.target.tenant, ""), NAMESPACE)
        return {"urn": urn, "type": NAMESPACE, "id": name, **_known(seen, taken.manager)}

    def _release(self, taken: LiveTarget) -> Record:
        target, spot = taken.target, taken.target.spot
        named = {"name": spot.name, "namespace": spot.namespace, "chart": taken.chart, "version": taken.version}
        values, plain = with_secrets(taken.values, secret), dict(taken.values)
        status = {"name": spot.name, "namespace": spot.namespace, "status": "deployed", "version": taken.version}
        inputs = {**named, "values": values}
        above = _types_above(target.tenant, target.use)
        name = release_name(target.tenant, target.use) if target.tenant else spot.name
        return {
            "urn": self._urn(name, *above, RELEASE),
            "type": RELEASE,
            "id": str(spot),
            "inputs": inputs,
            "outputs": {**inputs, "status": status, "__inputs": secret({**named, "values": plain})},
        }

    def _urn(self, name: str, *types: str) -> str:
        return f"urn:pulumi:{self._part.stack}::{PROJECT}::{'$'.join(types)}::{name}"


def with_records(deployment: Mapping[str, Any], new: Collection[Record]) -> Record:
    """A state with more resources."""
    return {**deployment, "resources": [*(deployment.get("resources") or []), *new]}


def _types_above(tenant: str, use: str) -> list[str]:
    if not tenant:
        return [PLATFORM]
    return [TENANT, _worker(use)] if use else [TENANT]


def _known(seen: Mapping[str, Any], manager: str) -> Record:
    """Inputs and outputs of an object. Under the manager that made it, a run meets no conflict of fields."""
    made = {"__initialApiVersion": seen["apiVersion"], "__fieldManager": manager} if manager else {}
    return {"inputs": seen, "outputs": {**seen, "__inputs": seen, **made}}


def _worker(use: str) -> str:
    return GATEWAY if is_gateway(use) else AGENT


def entries(taken: Iterable[LiveTarget]) -> Iterator[str]:
    """A line for each."""
    for each in taken:
        chart = f" ({each.chart} {each.version})" if each.target.use else ""
        yield f"taken over: {each.target.what}{chart}, {each.target.spot.place}"
