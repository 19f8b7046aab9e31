"""Objects of Kubernetes' API: the kinds that this program makes, their fields written as in a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.kinds.plugin import of_plugin
from settings.types.naming import KUBERNETES, LIMIT_RANGE, NAMESPACE, NETWORK_POLICY, RESOURCE_QUOTA, SECRET

Fields = Mapping[str, Any]
"""As in a manifest; what is None is left out."""


class KubernetesObject(pulumi.CustomResource):
    """One object; `metadata` as the cluster has it."""

    metadata: pulumi.Output[Mapping[str, Any]]

    def __init__(self, kind: str, name: str, fields: Fields, opts: pulumi.ResourceOptions) -> None:
        """`kind` is a type's token of `settings.types.naming`."""
        _, group, short = kind.split(":")
        written = {"apiVersion": group.removeprefix("core/"), "kind": short, **_given(fields)}
        super().__init__(kind, name, written, of_plugin(opts))


class Namespace(KubernetesObject):
    """A namespace."""

    def __init__(self, name: str, metadata: Fields, opts: pulumi.ResourceOptions) -> None:
        super().__init__(NAMESPACE, name, {"metadata": metadata}, opts)


class Secret(KubernetesObject):
    """A Secret; the values of `data` are in base64, and stay secret."""

    def __init__(
        self,
        name: str,
        metadata: Fields,
        data: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions,
        type: str | None = None,
    ) -> None:
        hidden = pulumi.ResourceOptions(additional_secret_outputs=["data", "stringData"])
        fields = {"metadata": metadata, "data": pulumi.Output.secret(data), "type": type}
        super().__init__(SECRET, name, fields, pulumi.ResourceOptions.merge(opts, hidden))


class LimitRange(KubernetesObject):
    """Bounds of each container in a namespace."""

    def __init__(self, name: str, metadata: Fields, spec: Fields, opts: pulumi.ResourceOptions) -> None:
        super().__init__(LIMIT_RANGE, name, {"metadata": metadata, "spec": spec}, opts)


class ResourceQuota(KubernetesObject):
    """Bounds of all that is in a namespace."""

    def __init__(self, name: str, metadata: Fields, spec: Fields, opts: pulumi.ResourceOptions) -> None:
        super().__init__(RESOURCE_QUOTA, name, {"metadata": metadata, "spec": spec}, opts)


class NetworkPolicy(KubernetesObject):
    """What is open to some pods of a namespace."""

    def __init__(self, name: str, metadata: Fields, spec: Fields, opts: pulumi.ResourceOptions) -> None:
        # As Pulumi's own class has it, so that a state which that has written stays as it is.
        before = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=f"{KUBERNETES}extensions/v1beta1:NetworkPolicy")])
        super().__init__(
            NETWORK_POLICY, name, {"metadata": metadata, "spec": spec}, pulumi.ResourceOptions.merge(opts, before)
        )


def _given(fields: Fields) -> dict[str, Any]:
    """Without what is None, at the top and in what describes the object."""
    found = {name: value for name, value in fields.items() if value is not None}
    return {**found, "metadata": {name: value for name, value in fields["metadata"].items() if value is not None}}
