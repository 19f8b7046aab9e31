"""Finds secrets in plain text where the settings are free: chart values, pod templates, environment entries.

A value is judged by the name it stands under and never shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.workers import agent_key
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.types.secrets.looks import secret_looks


@check("no secret stands in plain text among free values")
def check_plain_secrets(facts: Facts) -> Iterator[Finding]:
    """Everything that looks like a secret."""
    settings, tenants = facts.settings, facts.tenants
    if settings:
        yield from _said("", secret_looks(settings.server, "server"))
    for tenant in tenants:
        for use, agent in tenant.all_agents.items():
            yield from _said(tenant.name, secret_looks(agent, agent_key(use)))
        if tenant.gateway:
            yield from _said(tenant.name, secret_looks(tenant.gateway, "gateway"))


def _said(tenant: str, keys: Iterator[str]) -> Iterator[Finding]:
    for key in keys:
        above = ("tenantSecrets", tenant) if tenant else ("secrets",)
        text = (
            "looks like a secret in plain text (not shown); put it into a Secret of the cluster and name that, with "
            "valueFrom: {secretKeyRef: {name: my-secret, key: my-key}} or the like; declare that Secret with "
            "secrets: {my-secret: {keys: [my-key]}}, and set its value with: "
            f"pulumi config set --secret --path {'.'.join((*above, 'my-secret', 'my-key'))}"
        )
        yield Finding(setting(tenant, key), text)
