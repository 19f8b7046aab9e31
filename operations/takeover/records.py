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

from operations.takeover.secrets import with_secrets
from operations.takeover.targets import Taken
from settings.models.cluster_ref import ClusterRef
from settings.types.naming import (
    AGENT,
    GATEWAY,
    KUBERNETES_PROVIDER,
    NAMESPACE,
    PLATFORM,
    PROJECT,
    RELEASE,
    STACK_LABEL,
    TENANT,
    release_name,
)

_STACK = "pulumi:pulumi:Stack"
Record = dict[str, Any]


def secret(value: object) -> Record:
    """As a state has one before the engine encrypts it."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "plaintext": json.dumps(value)}


class Records:
    """The records of one stack; `there` are those that its state has. `own` is the server's cluster."""

    def __init__(self, stack: str, own: ClusterRef, there: Iterable[Mapping[str, Any]]) -> None:
        self._stack, self._own = stack, own
        self._ids = {str(each["urn"]): str(each.get("id") or "") for each in there}
        self.new: list[Record] = []

    def add(self, taken: Taken) -> None:
        """What is taken over, and before it whatever it hangs on."""
        target = taken.target
        provider = self._provider(target.spot.place)
        parent = self._parent(taken)
        kind = self._release(taken) if target.use else self._namespace(taken)
        self._append({**kind, "parent": parent, "provider": provider, "protect": True}, kind["id"])

    def _append(self, record: Record, identifier: str = "") -> str:
        urn = str(record["urn"])
        if urn not in self._ids:
            self._ids[urn] = identifier
            self.new.append({"custom": bool(identifier), **record, **({"id": identifier} if identifier else {})})
        return urn

    def _component(self, kind: str, name: str, *above: str, parent: str) -> str:
        return self._append({"urn": self._urn(name, *above, kind), "type": kind, "parent": parent})

    def _root(self) -> str:
        return self._append({"urn": self._urn(f"{PROJECT}-{self._stack}", _STACK), "type": _STACK})

    def _platform(self) -> str:
        return self._component(PLATFORM, "platform", parent=self._root())

    def _parent(self, taken: Taken) -> str:
        target = taken.target
        if not target.tenant:
            return self._platform()
        tenant = self._component(TENANT, target.tenant, parent=self._root())
        if not target.use:
            return tenant
        return self._component(_worker(target.use), release_name(target.tenant, target.use), TENANT, parent=tenant)

    def _provider(self, place: ClusterRef) -> str:
        """Named and identified as `components.platform` does. A kubeconfig's content is left to the next run."""
        own = place == self._own
        name = "kubernetes" if own else f"kubernetes/{place}"
        inputs = {
            "clusterIdentifier": self._stack if own else f"{self._stack}/{place}",
            "context": place.kube_context,
            "enableSecretMutable": "true",
            "version": version("pulumi-kubernetes"),
        }
        known = {key: value for key, value in inputs.items() if value is not None}
        record = {
            "urn": self._urn(name, PLATFORM, KUBERNETES_PROVIDER),
            "type": KUBERNETES_PROVIDER,
            "parent": self._platform(),
            "inputs": {"__internal": {}, **known},
            "outputs": known,
        }
        urn = self._append(record, str(uuid4()))
        return f"{urn}::{self._ids[urn]}"

    def _namespace(self, taken: Taken) -> Record:
        """With this stack's label, which a run writes when it makes one and never changes after."""
        name = taken.target.spot.namespace
        labels = {STACK_LABEL: self._stack}
        seen = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        above = TENANT if taken.target.tenant else PLATFORM
        return {
            "urn": self._urn(name, above, NAMESPACE),
            "type": NAMESPACE,
            "id": name,
            "inputs": seen,
            "outputs": seen,
        }

    def _release(self, taken: Taken) -> Record:
        target, spot = taken.target, taken.target.spot
        named = {"name": spot.name, "namespace": spot.namespace, "chart": taken.chart, "version": taken.version}
        values, plain = with_secrets(taken.values, secret), dict(taken.values)
        status = {"name": spot.name, "namespace": spot.namespace, "status": "deployed", "version": taken.version}
        inputs = {**named, "values": values}
        above = [TENANT, _worker(target.use)] if target.tenant else [PLATFORM]
        name = release_name(target.tenant, target.use) if target.tenant else spot.name
        return {
            "urn": self._urn(name, *above, RELEASE),
            "type": RELEASE,
            "id": str(spot),
            "inputs": inputs,
            "outputs": {**inputs, "status": status, "__inputs": secret({**named, "values": plain})},
        }

    def _urn(self, name: str, *types: str) -> str:
        return f"urn:pulumi:{self._stack}::{PROJECT}::{'$'.join(types)}::{name}"


def with_records(deployment: Mapping[str, Any], new: Collection[Record]) -> Record:
    """A state with more resources."""
    return {**deployment, "resources": [*(deployment.get("resources") or []), *new]}


def _worker(use: str) -> str:
    return GATEWAY if use == "gateway" else AGENT


def entries(taken: Iterable[Taken]) -> Iterator[str]:
    """A line for each."""
    for each in taken:
        chart = f" ({each.chart} {each.version})" if each.target.use else ""
        yield f"taken over: {each.target.what}{chart}, {each.target.spot.place}"
