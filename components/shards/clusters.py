"""The Kubernetes providers of a stack, the only ones anything may use: one a place, made when the first asks for it."""

from __future__ import annotations

import pulumi
import pulumi_kubernetes as kubernetes

from components.namespaces.existing import existing_namespace_hook
from settings.loading.secrets import Secrets
from settings.models.cluster_ref import ClusterRef
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant


def _without_kubeconfig(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    """The plugin reads KUBECONFIG by itself; the SDK would put that path, another on each machine, into the state."""
    kept = {name: value for name, value in args.props.items() if name != "kubeconfig"}
    return pulumi.ResourceTransformResult(kept, args.opts)


class Clusters:
    """Those of one stack of `environment`; `parent` is the platform, and nothing in a shard.

    Names and identifiers are the clusters' and the environment's, not of the way to them nor of the stack: the engine
    replaces all that a provider has made when another identifier takes its place.
    """

    def __init__(
        self, environment: str, stack: StackSettings, secrets: Secrets, parent: pulumi.Resource | None = None
    ) -> None:
        self._environment = environment
        self._stack = stack
        self._secrets = secrets
        self._parent = parent
        self._providers: dict[ClusterRef, kubernetes.Provider] = {}
        self._hooks: dict[ClusterRef, pulumi.ResourceHook] = {}

    def provider(self, place: ClusterRef) -> kubernetes.Provider:
        """That of all which runs in `place`."""
        if place not in self._providers:
            own = place == self._stack.own_cluster
            self._providers[place] = self._own() if own else self._elsewhere(place)
        return self._providers[place]

    def options_for(self, tenant: Tenant) -> pulumi.ResourceOptions:
        """What a tenant's component is made with: the provider of the cluster that its workers run in."""
        return pulumi.ResourceOptions(providers=[self.provider(self._stack.cluster_of(tenant.workers))])

    def namespace_hook(self, place: ClusterRef) -> pulumi.ResourceHook:
        """What asks, in this place, whether a namespace that is to be made is there already."""
        if place not in self._hooks:
            self._hooks[place] = existing_namespace_hook(place, self._kubeconfig(place))
        return self._hooks[place]

    def _own(self) -> kubernetes.Provider:
        return kubernetes.Provider(
            "kubernetes",
            context=self._stack.kube_context,
            # Without it a context that was merely renamed would replace the provider, and with it every namespace.
            cluster_identifier=self._environment,
            # Other credentials change the agent's Secret in place; by default it would be gone for a moment.
            enable_secret_mutable=True,
            opts=pulumi.ResourceOptions(parent=self._parent, transforms=[_without_kubeconfig]),
        )

    def _elsewhere(self, place: ClusterRef) -> kubernetes.Provider:
        return kubernetes.Provider(
            f"kubernetes/{place}",
            context=place.kube_context,
            kubeconfig=self._kubeconfig(place),
            cluster_identifier=f"{self._environment}/{place}",
            enable_secret_mutable=True,
            opts=pulumi.ResourceOptions(
                parent=self._parent,
                transforms=[] if place.kubeconfig else [_without_kubeconfig],
                additional_secret_outputs=["kubeconfig"],
            ),
        )

    def _kubeconfig(self, place: ClusterRef) -> pulumi.Input[str] | None:
        return self._secrets.kubeconfigs[place.kubeconfig] if place.kubeconfig else None
