"""A tenant's application gateway. Responsible for: the App Gateway release."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.helm.v3 import Release

from components.clearml.credentials import Credentials
from components.platform import Platform
from components.release import release
from components.values.gateway import gateway_values
from config.workers import Gateway


class GatewayComponent(pulumi.ComponentResource):
    """The release `name` in `namespace`, signed in with `credentials`; it leads to the agent's tasks there."""

    def __init__(
        self,
        name: str,
        *,
        gateway: Gateway,
        platform: Platform,
        namespace: pulumi.Input[str],
        credentials: Credentials,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clearml:tenant:Gateway", name, None, opts)
        self._release_name = name
        self._release_namespace = namespace
        self._credentials = credentials
        self.release = self._release(gateway, platform)
        self.register_outputs({"release": self.release.name})

    def _release(self, gateway: Gateway, platform: Platform) -> Release:
        keys = self._credentials
        values = gateway_values(gateway, platform.stack, platform.secrets, keys.access_key, keys.secret_key)
        opts = pulumi.ResourceOptions(parent=self)
        return release(self._release_name, platform.stack.charts.gateway, self._release_namespace, values, opts)
