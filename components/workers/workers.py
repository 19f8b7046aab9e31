"""A tenant's workers: every agent and every gateway of its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.charts.access import ChartAccess
from components.clearml.credentials.resource import Credentials
from components.values.secrets.namespace import NamespaceSecrets
from components.workers.agent import AgentComponent
from components.workers.gateway import GatewayComponent
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant

Worker = AgentComponent | GatewayComponent


def workers(
    tenant: Tenant,
    stack: StackSettings,
    *,
    access: ChartAccess,
    namespace: pulumi.Input[str],
    deleted_with: pulumi.Resource,
    credentials: Mapping[str, Credentials],
    pull_secret: pulumi.Input[str] | None,
    secrets: NamespaceSecrets,
    after: Sequence[pulumi.Resource],
    opts: pulumi.ResourceOptions,
) -> dict[str, Worker]:
    """By use, each signed in with its own of the `credentials`; `namespace` is known once it is closed.
    `secrets` are those that are declared for it; releases are made `after` them.

    Secrets go with the namespace itself, `deleted_with`. Releases do not: Helm uninstalls them first, while it lives.
    """
    agents = {
        use: AgentComponent(
            tenant.worker_of(use),
            release_name=tenant.release_of(use),
            agent=agent,
            chart=stack.charts.agent.at(tenant.charts.agent),
            access=access,
            stack=stack,
            urls=stack.urls_for(tenant.server_urls),
            namespace=namespace,
            deleted_with=deleted_with,
            credentials=credentials[use],
            runs_applications=use == tenant.apps_agent,
            pull_secret=pull_secret,
            secrets=secrets,
            after=after,
            opts=opts,
        )
        for use, agent in tenant.all_agents.items()
    }
    gateways = {
        use: GatewayComponent(
            tenant.worker_of(use),
            release_name=tenant.release_of(use),
            gateway=gateway,
            chart=stack.charts.gateway.at(tenant.charts.gateway),
            access=access,
            stack=stack,
            urls=stack.urls_for(tenant.server_urls),
            namespace=namespace,
            credentials=credentials[use],
            pull_secret=pull_secret,
            secrets=secrets,
            after=after,
            opts=opts,
        )
        for use, gateway in tenant.all_gateways.items()
    }
    return {**agents, **gateways}
