"""What runs a tenant's tasks: what its file may say about agents (contract 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from settings.models.base import Settings
from settings.models.extra import ExtraValues, ExtraVariables
from settings.models.workers.worker import OWN_RELEASE, KeyGeneration, OwnRelease
from settings.types.kubernetes.names import WorkerName
from settings.types.vocabulary import Text

# What goes to a chart as it is; the chart's own schema refuses what it does not know.
Free = Mapping[str, Any]
FreeList = Annotated[tuple[Free, ...], Field(strict=False)]


class Queue(Settings):
    """One queue of an agent; both mappings go to the chart as they are."""

    queue_settings: Free = Field(
        default_factory=dict,
        description="The chart's settings of this queue, such as how many pods it may have at a time.",
        examples=["{maxPods: 10}"],
    )
    template_overrides: Free = Field(
        default_factory=dict,
        description="What differs from `basePodTemplate` in this queue's pods.",
        examples=["{labels: {team: research}}"],
    )


class Agent(Settings):
    """An agent that runs the tenant's tasks.

    The keys from `basePodTemplate` on are the chart's own, under `agentk8sglue`.
    """

    queues: Mapping[Text, Queue] = Field(
        description="The queues whose tasks the agent runs, by name.", min_length=1, examples=["{default: {}}"]
    )
    create_queues: bool = Field(
        default=True, description="Whether the agent makes those of its queues that are missing.", examples=["false"]
    )
    key_generation: KeyGeneration = Field(
        default=1,
        description="A higher number rotates the agent's key. The new key is in use before the earlier one is revoked.",
    )
    release_name: OwnRelease = Field(default=None, description=OWN_RELEASE)
    apps_queue: Queue | None = Field(
        default=None,
        description="Says that this agent, among several, runs the tenant's applications, and how.",
        examples=["{queueSettings: {maxPods: 5}}"],
    )
    base_pod_template: Free = Field(
        default_factory=dict,
        description="What all pods of tasks have in common; the chart's own key.",
        examples=["{nodeSelector: {pool: gpu}}"],
    )
    default_container_image: Text | None = Field(
        default=None, description="The image of tasks that name none.", examples=["python:3.12"]
    )
    extra_envs: ExtraVariables = Field(
        default=(),
        description="More variables for the agent's own container.",
        examples=["[{name: TZ, value: Europe/Berlin}]"],
    )
    file_mounts: FreeList = Field(
        default=(),
        description="Files for the agent's pods, with their content in plain text; the chart's own key.",
        examples=["[{name: a.conf, folderPath: /etc/a, fileContent: text}]"],
    )
    container_security_context: Free = Field(
        default_factory=dict,
        description="The security context of the container; the chart's own key.",
        examples=["{readOnlyRootFilesystem: true}"],
    )
    monitored_resources: Free = Field(
        default_factory=dict,
        description="The resources that the agent monitors; the chart's own key.",
        examples=["{minResourcesFieldName: example}"],
    )
    orchestration_dashboard: Free = Field(
        default_factory=dict,
        description="What the agent reports to the orchestration dashboard; the chart's own key.",
        examples=["{reportType: global}"],
    )
    multi_node: Free = Field(
        default_factory=dict,
        description="Tasks that run on several nodes; the chart's own key.",
        examples=["{enabled: true}"],
    )
    completed_pod_deletion_delay_minutes: int | None = Field(
        default=None, description="For how long a completed task's pod stays.", ge=0, examples=["10"]
    )
    container_custom_bash_script: str | None = Field(
        default=None,
        description="The script that a container starts with, in place of the chart's own.",
        examples=["'{extra_bash_init_cmd} …'"],
    )
    use_owner_token: bool | None = Field(
        default=None, description="Whether tasks run as their owner.", examples=["true"]
    )
    cluster_access: bool = Field(
        default=False,
        description=(
            "Whether the agent may see nodes and pods of the whole cluster, which the discovery of GPUs and tasks on "
            "several nodes need; for a tenant that has its cluster alone."
        ),
        examples=["true"],
    )
    extra_values: ExtraValues = Field(
        default_factory=dict,
        description="Whatever else the chart takes, laid over the rest; what this program sets itself is refused.",
        examples=["{agentk8sglue: {nodeSelector: {pool: agents}}}"],
    )


Agents = Mapping[WorkerName, Agent]
