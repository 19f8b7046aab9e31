"""What sets a tenant's namespace apart.

Responsible for: network policies, quota, limits. The namespace itself, with its pod security, is components/namespaces.

All of it is deleted with the namespace: Kubernetes does that once the pods are gone. The engine would take it away
before, while tasks that no release knows still run, and a run that died between the two would leave them without walls.
"""

from __future__ import annotations

from typing import Any

import pulumi

from components.kinds.objects import LimitRange, Namespace, NetworkPolicy, ResourceQuota
from components.values.policies import policies
from components.values.quota import limit_range_spec, quota_spec
from settings.models.isolation import limits, quota
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import ISOLATION, RULES_ANNOTATION, isolation_name


class IsolationComponent(pulumi.ComponentResource):
    """Policies, quota and limits in `namespace`.

    `ready` is the namespace's name, known once all of them are there: whatever is made in it is made after them.
    As long as the namespace stays, one that the settings no longer want is deleted as usual.
    """

    def __init__(
        self,
        tenant: Tenant,
        stack: StackSettings,
        namespace: Namespace,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(ISOLATION, isolation_name(tenant.name), None, opts)
        self._tenant = tenant
        self._stack = stack
        self._namespace = namespace
        where = namespace.metadata["name"]
        made = [*self._policies(), *self._quota(), *self._limits()]
        self.ready = pulumi.Output.all(where, *made).apply(lambda names: str(names[0]))
        self.register_outputs({})

    def _policies(self) -> list[pulumi.Output[str]]:
        found = policies(self._tenant, self._stack)
        specs: dict[str, Any] = found.specs
        return [
            NetworkPolicy(
                isolation_name(self._tenant.name, name),
                metadata=self._metadata(
                    name, {RULES_ANNOTATION: found.reasons[name]} if name in found.reasons else None
                ),
                spec=spec,
                opts=self._child_options(),
            ).metadata["name"]
            for name, spec in specs.items()
        ]

    def _quota(self) -> list[pulumi.Output[str]]:
        spec: Any = quota_spec(quota(self._stack.isolation, self._tenant.isolation))
        if spec is None:
            return []
        name = isolation_name(self._tenant.name, "quota")
        return [
            ResourceQuota(name, metadata=self._metadata("quota"), spec=spec, opts=self._child_options()).metadata[
                "name"
            ]
        ]

    def _limits(self) -> list[pulumi.Output[str]]:
        spec: Any = limit_range_spec(limits(self._stack.isolation, self._tenant.isolation))
        if spec is None:
            return []
        name = isolation_name(self._tenant.name, "limits")
        return [
            LimitRange(name, metadata=self._metadata("limits"), spec=spec, opts=self._child_options()).metadata["name"]
        ]

    def _metadata(self, name: str, annotations: dict[str, str] | None = None) -> dict[str, Any]:
        return {"name": name, "namespace": self._namespace.metadata["name"], "annotations": annotations}

    def _child_options(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, deleted_with=self._namespace)
