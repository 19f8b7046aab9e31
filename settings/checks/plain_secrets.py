"""Finds secrets in plain text where the settings are free: chart values, pod templates, environment entries.

A value is judged by the name it stands under and never shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from settings.checks.workers import agent_key
from settings.complaint import Complaint
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.secret_looks import secret_looks


def check_plain_secrets(settings: StackSettings | None, tenants: Sequence[Tenant]) -> Iterator[Complaint]:
    """Everything that looks like a secret; `settings` is None if the stack's own file is at fault."""
    if settings:
        yield from _said("", secret_looks(settings.server, "server"))
    for tenant in tenants:
        for use, agent in tenant.all_agents.items():
            yield from _said(tenant.name, secret_looks(agent, agent_key(use)))
        if tenant.gateway:
            yield from _said(tenant.name, secret_looks(tenant.gateway, "gateway"))


def _said(tenant: str, keys: Iterator[str]) -> Iterator[Complaint]:
    for key in keys:
        text = "looks like a secret in plain text (not shown); put it into a Secret of the cluster and name that, with"
        yield Complaint(
            tenant, key, f"{text} valueFrom: {{secretKeyRef: {{name: my-secret, key: my-key}}}} or the like"
        )
