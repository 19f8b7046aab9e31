"""The platform of an environment.

Responsible for: the Kubernetes providers (the only ones anything may use), the server's namespace with its
image-pull Secret, the Secrets of the supervisor and of identity providers, the stack's own Secrets, the server's
internal keys, the ids of cross-tenant groups, the Server release.
"""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.charts.access import ChartAccess
from components.groups import group_ids, remember
from components.internal_keys import internal_keys
from components.namespaces.existing import existing_namespace_hook
from components.namespaces.namespace import namespace
from components.pull_secret import pull_secret
from components.release import release, summary
from components.secrets.declared import declared_secrets
from components.secrets.identity_providers import identity_providers_secret
from components.secrets.supervisor import supervisor_secret
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.secrets.declared import NamespaceSecrets
from components.values.server import server_values
from settings.loading.secrets import Secrets
from settings.models.cluster_ref import ClusterRef
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import PLATFORM


def _unless_of_a_folder(stack: StackSettings) -> pulumi.ResourceOptions:
    """A folder's chart is none of the public ones, whose cookie only this names; states of before lack it."""
    ignored = ["values.clearml.cookieName"] if stack.charts.server.is_folder else []
    return pulumi.ResourceOptions(ignore_changes=ignored)


def _without_kubeconfig(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    """The plugin reads KUBECONFIG by itself; the SDK would put that path, another on each machine, into the state."""
    kept = {name: value for name, value in args.props.items() if name != "kubeconfig"}
    return pulumi.ResourceTransformResult(kept, args.opts)


class Platform(pulumi.ComponentResource):
    """`kubernetes` is the provider of all that runs in the cluster; what needs the API depends on `server`."""

    def __init__(self, stack: StackSettings, secrets: Secrets, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(PLATFORM, "platform", None, opts)
        self.stack = stack
        self.secrets = secrets
        self.kubernetes = self._kubernetes()
        self.chart_access = ChartAccess.of(stack.charts, secrets)
        self._elsewhere: dict[str, kubernetes.Provider] = {}
        self._hooks: dict[ClusterRef, pulumi.ResourceHook] = {}
        self.namespace = namespace(
            stack.server.namespace, self._protected_options(), self.namespace_hook(stack.own_cluster)
        )
        self.pull_secret = self._pull_secret()
        self.server = self._server()
        self.outputs = self._outputs()
        self.register_outputs(self.outputs)

    def _kubernetes(self) -> kubernetes.Provider:
        return kubernetes.Provider(
            "kubernetes",
            context=self.stack.kube_context,
            # Without it a context that was merely renamed would replace the provider, and with it every namespace.
            cluster_identifier=pulumi.get_stack(),
            # Other credentials change the agent's Secret in place; by default it would be gone for a moment.
            enable_secret_mutable=True,
            opts=pulumi.ResourceOptions(parent=self, transforms=[_without_kubeconfig]),
        )

    def provider_options_for(self, tenant: Tenant) -> pulumi.ResourceOptions:
        """What a tenant's component is made with: the provider of the cluster that its workers run in.

        One provider a place, made when the first tenant asks for it. Its name and identifier are the cluster's, not of
        the way to it: the engine replaces all that a provider has made when another identifier takes its place.
        """
        place = self.stack.cluster_of(tenant.workers)
        if place == self.stack.own_cluster:
            return pulumi.ResourceOptions(providers=[self.kubernetes])
        name = f"kubernetes/{place}"
        if name not in self._elsewhere:
            self._elsewhere[name] = self._kubernetes_in(name, place)
        return pulumi.ResourceOptions(providers=[self._elsewhere[name]])

    def namespace_hook(self, place: ClusterRef) -> pulumi.ResourceHook:
        """What asks, in this place, whether a namespace that is to be made is there already."""
        if place not in self._hooks:
            self._hooks[place] = existing_namespace_hook(place, self._kubeconfig(place))
        return self._hooks[place]

    def _kubeconfig(self, place: ClusterRef) -> pulumi.Input[str] | None:
        return self.secrets.kubeconfigs[place.kubeconfig] if place.kubeconfig else None

    def _kubernetes_in(self, name: str, place: ClusterRef) -> kubernetes.Provider:
        return kubernetes.Provider(
            name,
            context=place.kube_context,
            kubeconfig=self._kubeconfig(place),
            cluster_identifier=f"{pulumi.get_stack()}/{place}",
            enable_secret_mutable=True,
            opts=pulumi.ResourceOptions(
                parent=self,
                transforms=[] if place.kubeconfig else [_without_kubeconfig],
                additional_secret_outputs=["kubeconfig"],
            ),
        )

    def _in_cluster(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, provider=self.kubernetes)

    def _protected_options(self) -> pulumi.ResourceOptions:
        """Another name in the settings would otherwise remove the old one, and with it what every tenant has stored."""
        protect = self.stack.server.protect
        return pulumi.ResourceOptions(parent=self, provider=self.kubernetes, protect=protect)

    def _pull_secret(self) -> pulumi.Input[str] | None:
        where = self.namespace.metadata["name"]
        return pull_secret(self.stack.server.namespace, where, self.secrets.image_token, self._in_cluster())

    def _server(self) -> kubernetes.helm.v3.Release:
        where = self.namespace.metadata["name"]
        made = self._provisioned_inputs()
        remember(made.group_ids, pulumi.ResourceOptions(parent=self))
        values = server_values(self.stack, self.secrets, made)
        declared = NamespaceSecrets.of_server(self.stack, self.secrets)
        own = declared_secrets(self.stack.server.namespace, where, declared, self._in_cluster())
        pair = supervisor_secret(self.stack.server, self.secrets, where, self._in_cluster())
        sign_in = identity_providers_secret(self.stack.server, self.secrets, where, self._in_cluster())
        return release(
            self.stack.server.release,
            self.stack.charts.server,
            where,
            values,
            pulumi.ResourceOptions.merge(
                self._protected_options(),
                # Its pods name these Secrets, and do not start before they are there.
                pulumi.ResourceOptions.merge(
                    _unless_of_a_folder(self.stack), pulumi.ResourceOptions(depends_on=[*pair, *sign_in, *own])
                ),
            ),
            access=self.chart_access,
        )

    def _provisioned_inputs(self) -> ProvisionedInputs:
        ours = pulumi.ResourceOptions(parent=self)
        return ProvisionedInputs(
            pull_secret=self.pull_secret,
            internal_keys=internal_keys(self.secrets.server.internal, ours),
            group_ids=group_ids(self.stack.groups, ours),
        )

    def _outputs(self) -> dict[str, Any]:
        """What is told of the server; `url` is where people sign in."""
        said = summary(self.server)
        callbacks = self.stack.server.identity_providers.callback_urls(self.stack.url_of(self.stack.app_host))
        return {
            "namespace": self.namespace.metadata["name"],
            "release": said["name"],
            "status": said["status"],
            "chartVersion": self.server.status.version,
            "url": self.stack.url_of(self.stack.app_host),
            "supervisorEmail": self.stack.server.supervisor.email or "",
            **({"callbackUrls": callbacks} if callbacks else {}),
        }
