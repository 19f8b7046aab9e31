"""Where tenants are made: one stack's settings, secrets and clusters, and what has to be there before them."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.charts.access import ChartAccess
from components.shards.clusters import Clusters
from settings.loading.secrets import Secrets
from settings.models.stack import StackSettings


@dataclass(frozen=True)
class Site:
    """`environment` names what is made in clusters and on the server, whichever stack makes it.

    `server` is what needs the API waits for: the server's release, and nothing in a shard, which runs after it.
    """

    environment: str
    stack: StackSettings
    secrets: Secrets
    clusters: Clusters
    chart_access: ChartAccess
    server: tuple[pulumi.Resource, ...] = ()
