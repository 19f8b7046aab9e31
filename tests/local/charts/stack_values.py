"""The values of every release that a stack's files ask for, with placeholders for what is not in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from components.values.agent import agent_values
from components.values.gateway import gateway_values
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from settings.loading.load import Environment
from settings.loading.secrets import Secrets
from settings.models.server.secrets import INTERNAL_KEYS, ServerSecrets
from settings.models.tenant import Tenant
from tests.local.helm import AGENT, GATEWAY, Values

ROOT = Path(__file__).resolve().parents[3]
OURS = ("dev", "local", "prod", "staging")
ANY = "placeholder"
UUID = "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10"


def server_of(environment: Environment) -> Values:
    """The values of the server's release."""
    given = ServerSecrets.by_kind(dict.fromkeys(environment.secrets, ANY))
    made = ProvisionedInputs(
        pull_secret="pull" if "imageToken" in environment.secrets else None,
        internal_keys=dict.fromkeys(INTERNAL_KEYS, ANY),
        group_ids={key: group.id or UUID for key, group in environment.stack.groups.cross_tenant()},
    )
    return server_values(environment.stack, Secrets(ANY, ANY, ANY, ANY, server=given), made)


def workers_of(environment: Environment) -> Iterator[tuple[Tenant, str, str, Values]]:
    """Of every agent and gateway: whose it is, its use, its chart, its values."""
    stack = environment.stack
    for tenant in environment.tenants:
        for use, agent in tenant.all_agents.items():
            runs = use == tenant.apps_agent
            yield tenant, use, AGENT, agent_values(agent, stack, "keys", ANY, runs_applications=runs)
        for use, gateway in tenant.all_gateways.items():
            yield tenant, use, GATEWAY, gateway_values(gateway, stack, ANY, ANY)
