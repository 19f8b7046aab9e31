"""Deploys one environment: the platform, then each tenant whose file is there."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pulumi

from components import value_conflicts
from components.charts.prepare import prepare_charts
from components.clearml.sign_in.removals import SignInRuleRemovals
from components.declarations import declared_intent, declared_rules
from components.platform import Platform
from components.sdk.debug_messages import drop_debug_messages
from components.sdk.interrupt import end_quietly_when_interrupted, end_quietly_when_the_engine_stops
from components.sdk.source_positions import without_source_positions
from components.tenant import TenantComponent
from settings.errors import ConfigurationError
from settings.loading.agreement import agree
from settings.loading.api_url import override_of
from settings.loading.load import Environment
from settings.loading.secrets import Secrets
from settings.loading.shell import require_stack_of_shell


def _asked_for() -> tuple[Environment, Secrets]:
    """The settings, checked before anything is made; what is wrong with them is told in plain lines."""
    try:
        require_stack_of_shell(pulumi.get_stack(), os.environ)
        environment = value_conflicts.load(Path(__file__).resolve().parent, pulumi.get_stack())
        override = override_of(environment.name, environment.api_url, os.environ)
        environment.require_values()
        agree(environment)
        prepare_charts(environment)
        secrets = Secrets.read(environment.name)
    except ConfigurationError as error:
        raise pulumi.RunError(str(error)) from None
    if override:
        pulumi.log.info(override)
    for warning in environment.warnings:
        pulumi.log.warn(str(warning))
    return environment, secrets


def _deploy(environment: Environment, secrets: Secrets) -> None:
    platform = Platform(environment.stack, secrets)
    intent = declared_intent(environment.tenants)
    removals = SignInRuleRemovals(
        "departures",
        declared_rules(environment.tenants),
        pulumi.ResourceOptions(depends_on=[platform.server]),
        intent=intent,
    )
    tenants = {
        tenant.name: TenantComponent(tenant, platform, removals, intent, platform.provider_options_for(tenant))
        for tenant in environment.tenants
    }
    pulumi.export("server", platform.outputs)
    pulumi.export("tenants", {name: tenant.outputs for name, tenant in tenants.items()})


async def _begin_registrations() -> None:
    """Lets every registration begin before the SDK first looks for what is outstanding.

    Without it the SDK finds the outputs first, and waits for all of them anew each time one of them is known: at sixty
    tenants two thirds of the program's CPU time.
    """
    await asyncio.sleep(0)


drop_debug_messages()
end_quietly_when_interrupted()
end_quietly_when_the_engine_stops()
with without_source_positions():
    _deploy(*_asked_for())
pulumi.run(_begin_registrations)
