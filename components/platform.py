"""The platform of an environment.

Responsible for: the server's namespace with its image-pull Secret, the Secrets of the supervisor and of identity
providers, the stack's own Secrets, the server's internal keys, the ids of cross-tenant groups, the Server release.
"""

from __future__ import annotations

from typing import Any

import pulumi

from components.charts.access import ChartAccess
from components.groups import group_ids, remember
from components.internal_keys import internal_keys
from components.kinds.helm import Release
from components.namespaces.namespace import namespace, stack_label
from components.pull_secret import pull_secret
from components.release import release, summary
from components.secrets.identity_providers import identity_providers_secret
from components.secrets.namespace import declared_secrets
from components.secrets.supervisor import supervisor_secret
from components.shards.clusters import Clusters
from components.shards.site import Site
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.secrets.namespace import NamespaceSecrets
from components.values.server import server_values
from settings.loading.secrets import Secrets
from settings.models.stack import StackSettings
from settings.types.naming import PLATFORM


class Platform(pulumi.ComponentResource):
    """The platform of `environment`; `site` is where its tenants are made, after the server."""

    def __init__(
        self, environment: str, stack: StackSettings, secrets: Secrets, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(PLATFORM, "platform", None, opts)
        self.stack = stack
        self.secrets = secrets
        clusters = Clusters(environment, stack, secrets, self)
        self.kubernetes = clusters.provider(stack.own_cluster)
        self.chart_access = ChartAccess.of(stack.charts, secrets)
        self.namespace = namespace(
            stack.server.namespace,
            self._protected_options(),
            clusters.namespace_hook(stack.own_cluster),
            stack_label(environment),
        )
        self.pull_secret = self._pull_secret()
        self.server = self._server()
        self.site = Site(environment, stack, secrets, clusters, self.chart_access, (self.server,))
        self.outputs = self._outputs()
        self.register_outputs(self.outputs)

    def _in_cluster(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, provider=self.kubernetes)

    def _protected_options(self) -> pulumi.ResourceOptions:
        """Another name in the settings would otherwise remove the old one, and with it what every tenant has stored."""
        protect = self.stack.server.protect
        return pulumi.ResourceOptions(parent=self, provider=self.kubernetes, protect=protect)

    def _pull_secret(self) -> pulumi.Input[str] | None:
        where = self.namespace.metadata["name"]
        return pull_secret(self.stack.server.namespace, where, self.secrets.image_token, self._in_cluster())

    def _server(self) -> Release:
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
                pulumi.ResourceOptions(depends_on=[*pair, *sign_in, *own]),
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
            "chartVersion": self.server.status["version"],
            "url": self.stack.url_of(self.stack.app_host),
            "supervisorEmail": self.stack.server.supervisor.email or "",
            **({"callbackUrls": callbacks} if callbacks else {}),
        }
