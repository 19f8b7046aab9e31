"""Values of an Agent release, and the Secret that its credentials come from (contract 4.2, 4.4)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pulumi

from components.values.environment import rolled_by
from components.values.extra import ExtraList, with_extra
from components.values.image_pull import extra_pull_secret
from components.values.secrets.namespace import NO_SECRETS, NamespaceSecrets
from settings.models.server.urls import WorkerUrls
from settings.models.stack import StackSettings
from settings.models.workers.agent import Agent, Queue

# ASSUMPTION (contract 4.4): the enterprise chart takes the open-source chart's key names.
KEY_ENTRY = "agentk8sglue_key"
SECRET_ENTRY = "agentk8sglue_secret"  # noqa: S105 - the entry's name
_FULL_NAME = "fullnameOverride"
# Keys that the chart knows by the same name under `agentk8sglue`.
_CHARTS_OWN = {
    "base_pod_template",
    "default_container_image",
    "file_mounts",
    "container_security_context",
    "monitored_resources",
    "orchestration_dashboard",
    "multi_node",
    "completed_pod_deletion_delay_minutes",
    "container_custom_bash_script",
    "use_owner_token",
}


def agent_values(
    agent: Agent,
    stack: StackSettings,
    secret_name: pulumi.Input[str],
    access_key: pulumi.Input[str],
    *,
    runs_applications: bool,
    pull_secret: pulumi.Input[str] | None = None,
    full_name: str | None = None,
    secrets: NamespaceSecrets = NO_SECRETS,
    urls: WorkerUrls | None = None,
) -> dict[str, Any]:
    """Values of chart `clearml-enterprise-agent`; `secret_name` is the Secret that holds `secret_data`.

    `runs_applications`: this is the one agent of its tenant that would run the tenant's applications. `pull_secret` is
    the name of an image-pull Secret, if there is one. `full_name` is how the release's objects are called; the public
    chart writes it on their pods, where the tenant's policies look for it (contract 4.2). `secrets` are those that are
    declared for its namespace, `urls` where the server is reached, by default where the stack says. Raises ClashError.
    """
    ours = _values(agent, urls or stack.urls_for(), secret_name, access_key)
    ours["agentk8sglue"]["appsQueue"] = _apps_queue(agent, stack, runs_applications)
    ours["agentk8sglue"]["extraEnvs"] += secrets.rolled(agent.extra_envs, agent.extra_values)
    extra_envs = ExtraList("agentk8sglue", "extraEnvs", agent.extra_envs)
    named = {_FULL_NAME: full_name} if full_name and _FULL_NAME not in agent.extra_values else {}
    pulling = extra_pull_secret(pull_secret, *secrets.pull_names)
    return with_extra({**pulling, **named, **ours}, agent.extra_values, extra_envs)


def _values(
    agent: Agent, urls: WorkerUrls, secret_name: pulumi.Input[str], access_key: pulumi.Input[str]
) -> dict[str, Any]:
    return {
        "clearml": {"existingAgentk8sglueSecret": secret_name},
        "agentk8sglue": {
            "apiServerUrlReference": urls.api,
            **({"fileServerUrlReference": urls.files} if urls.files else {}),
            "webServerUrlReference": urls.app,
            "createQueues": agent.create_queues,
            "queues": {name: _queue(queue) for name, queue in agent.queues.items()},
            # In a cluster with others in it, rights on the whole of it would reach into their namespaces.
            "serviceAccountClusterAccess": agent.cluster_access,
            "extraEnvs": rolled_by(agent, access_key),
            **_charts_own(agent),
        },
    }


def _charts_own(agent: Agent) -> dict[str, Any]:
    """What the file says, empty lists and nulls too, which take a chart's default away; `{}` says nothing to Helm."""
    written = agent.model_dump(mode="json", by_alias=True, include=_CHARTS_OWN & agent.model_fields_set)
    return {key: value for key, value in written.items() if value != {}}


def secret_data(access_key: pulumi.Input[str], secret_key: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
    """The Secret's `data`: base64, as it is read back, so that a refresh compares like with like."""
    return {KEY_ENTRY: _encoded(access_key), SECRET_ENTRY: pulumi.Output.secret(_encoded(secret_key))}


def _queue(queue: Queue) -> dict[str, Any]:
    parts = {"queueSettings": queue.queue_settings, "templateOverrides": queue.template_overrides}
    return {name: dict(part) for name, part in parts.items() if part}


def _apps_queue(agent: Agent, stack: StackSettings, runs_applications: bool) -> dict[str, Any]:
    """On exactly when the server leaves the tenants' applications to their own agents."""
    if not runs_applications or stack.server.queue_mode != "per_tenant":
        return {"enabled": False}
    return {"enabled": True, **(_queue(agent.apps_queue) if agent.apps_queue else {})}


def _encoded(text: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.from_input(text).apply(lambda known: b64encode(known.encode()).decode())
