"""A tenant's agent. Responsible for: the Secret with its credentials, the Agent release."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.core.v1 import Secret
from pulumi_kubernetes.helm.v3 import Release
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.clearml.credentials import Credentials
from components.platform import Platform
from components.release import release
from components.values.agent import agent_values, secret_data
from config.tenant import Agent


class AgentComponent(pulumi.ComponentResource):
    """The release `name` in `namespace`, signed in with `credentials`, on the platform's server."""

    def __init__(
        self,
        name: str,
        *,
        agent: Agent,
        platform: Platform,
        namespace: pulumi.Input[str],
        credentials: Credentials,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clearml:tenant:Agent", name, None, opts)
        self._release_name = name
        self._release_namespace = namespace
        self._credentials = credentials
        self.secret = self._secret()
        self.release = self._release(agent, platform)
        self.register_outputs({"release": self.release.name})

    def _secret(self) -> Secret:
        name = f"{self._release_name}-credentials"
        return Secret(
            name,
            metadata=ObjectMetaArgs(name=name, namespace=self._release_namespace),
            data=secret_data(self._credentials.access_key, self._credentials.secret_key),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _release(self, agent: Agent, platform: Platform) -> Release:
        secret_name = self.secret.metadata["name"]
        values = agent_values(agent, platform.stack, platform.secrets, secret_name, self._credentials.access_key)
        opts = pulumi.ResourceOptions(parent=self)
        return release(self._release_name, platform.stack.charts.agent, self._release_namespace, values, opts)
