"""A tenant's agent. Responsible for: the Secret with its credentials, the Agent release."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.charts.access import ChartAccess
from components.clearml.credentials.resource import Credentials
from components.kinds.objects import Secret
from components.release import release
from components.values.agent import agent_values, secret_data
from components.values.secrets.namespace import NO_SECRETS, NamespaceSecrets
from settings.models.charts import Chart
from settings.models.server.urls import WorkerUrls
from settings.models.stack import StackSettings
from settings.models.workers.agent import Agent
from settings.types.naming import AGENT, worker_secret_name


class AgentComponent(pulumi.ComponentResource):
    """The worker `name`, signed in with `credentials` on the stack's server at `urls`; its release is called
    `release_name` in `namespace`.

    `runs_applications`: it is the one agent of its tenant that does, where the server leaves them to the tenants.
    """

    def __init__(
        self,
        name: str,
        *,
        release_name: str,
        agent: Agent,
        chart: Chart,
        access: ChartAccess,
        stack: StackSettings,
        urls: WorkerUrls,
        namespace: pulumi.Input[str],
        deleted_with: pulumi.Resource,
        credentials: Credentials,
        runs_applications: bool,
        pull_secret: pulumi.Input[str] | None = None,
        secrets: NamespaceSecrets = NO_SECRETS,
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(AGENT, name, None, opts)
        self._name = name
        self._namespace = namespace
        self._deleted_with = deleted_with
        self._credentials = credentials
        self.secret = self._secret()
        values = agent_values(
            agent,
            stack,
            self.secret.metadata["name"],
            credentials.access_key,
            runs_applications=runs_applications,
            pull_secret=pull_secret,
            secrets=secrets,
            urls=urls,
            # A folder's chart is none of the public ones; states of before lack it.
            full_name=None if chart.is_folder else release_name,
        )
        ours = pulumi.ResourceOptions(parent=self, depends_on=list(after))
        self.release = release(name, chart, namespace, values, ours, access=access, called=release_name)
        self.register_outputs({"release": self.release.name})

    def _secret(self) -> Secret:
        name = worker_secret_name(self._name)
        return Secret(
            name,
            metadata={"name": name, "namespace": self._namespace},
            data=secret_data(self._credentials.access_key, self._credentials.secret_key),
            opts=pulumi.ResourceOptions(parent=self, deleted_with=self._deleted_with),
        )
