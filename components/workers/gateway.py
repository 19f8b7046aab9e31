"""A tenant's application gateway. Responsible for: the App Gateway release."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.charts.access import ChartAccess
from components.clearml.credentials.resource import Credentials
from components.release import release
from components.values.gateway import gateway_values
from components.values.secrets.namespace import NO_SECRETS, NamespaceSecrets
from settings.models.charts import Chart
from settings.models.server.urls import WorkerUrls
from settings.models.stack import StackSettings
from settings.models.workers.gateway import Gateway
from settings.types.naming import GATEWAY


class GatewayComponent(pulumi.ComponentResource):
    """The worker `name`, signed in with `credentials` at `urls`; its release is called `release_name` in `namespace`.

    It leads to the agent's tasks there.
    """

    def __init__(
        self,
        name: str,
        *,
        release_name: str,
        gateway: Gateway,
        chart: Chart,
        access: ChartAccess,
        stack: StackSettings,
        urls: WorkerUrls,
        namespace: pulumi.Input[str],
        credentials: Credentials,
        pull_secret: pulumi.Input[str] | None = None,
        secrets: NamespaceSecrets = NO_SECRETS,
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(GATEWAY, name, None, opts)
        values = gateway_values(
            gateway,
            stack,
            credentials.access_key,
            credentials.secret_key,
            chart_version=chart.version,
            pull_secret=pull_secret,
            secrets=secrets,
            urls=urls,
        )
        ours = pulumi.ResourceOptions(parent=self, depends_on=list(after))
        self.release = release(name, chart, namespace, values, ours, access=access, called=release_name)
        self.register_outputs({"release": self.release.name})
