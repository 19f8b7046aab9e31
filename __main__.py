"""Deploys one stack of an environment: the platform, then each tenant whose file is there; or a shard's tenants."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pulumi

from components import value_conflicts
from components.charts.access import ChartAccess
from components.charts.prepare import prepare_charts
from components.clearml.run.intent import Intent
from components.clearml.sign_in.removals import SignInRuleRemovals
from components.declarations import declared_intent, declared_rules
from components.platform import Platform
from components.sdk.debug_messages import drop_debug_messages
from components.sdk.garbage import collect_rarely
from components.sdk.interrupt import end_quietly_when_interrupted, end_quietly_when_the_engine_stops
from components.sdk.source_positions import without_source_positions
from components.shards.clusters import Clusters
from components.shards.homes import require_homes
from components.shards.platform_run import PlatformRun, digest_for_shards, export_for_shards
from components.shards.site import Site
from components.sign_in import Removals
from components.tenant import TenantComponent
from settings.errors import ConfigurationError
from settings.loading.agreement import agree
from settings.loading.api_url import override_of
from settings.loading.load import Environment
from settings.loading.secrets import Secrets
from settings.loading.shell import require_shell


def _asked_for() -> tuple[Environment, Secrets]:
    """The settings, checked before anything is made; what is wrong with them is told in plain lines."""
    try:
        require_shell(pulumi.get_stack(), os.environ)
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
    for warning in environment.own_warnings:
        pulumi.log.warn(str(warning))
    return environment, secrets


def _deploy(environment: Environment, secrets: Secrets, *, occupied: bool = False) -> None:
    """`occupied`: whether any shard has a tenant."""
    platform = Platform(environment.name, environment.stack, secrets)
    intent, rules = declared_intent(environment.everybody), declared_rules(environment.everybody)
    removals = SignInRuleRemovals(
        "departures",
        rules,
        pulumi.ResourceOptions(depends_on=[platform.server]),
        intent=intent,
        digest=digest_for_shards(rules, occupied=occupied) if environment.shards else None,
    )
    pulumi.export("server", platform.outputs)
    _deploy_tenants(environment, platform.site, removals, intent)
    if environment.shards:
        export_for_shards(removals, environment.shards)


async def _deploy_shard(environment: Environment, secrets: Secrets) -> None:
    """Nothing is registered before the platform is known to have run with these files."""
    platform, rules = PlatformRun(environment.name), declared_rules(environment.everybody)
    if environment.tenants:
        await platform.require(rules)
    clusters = Clusters(environment.name, environment.stack, secrets)
    access = ChartAccess.of(environment.stack.charts, secrets)
    site = Site(environment.name, environment.stack, secrets, clusters, access)
    _deploy_tenants(environment, site, platform, declared_intent(environment.everybody))


def _deploy_tenants(environment: Environment, site: Site, removals: Removals, intent: Intent) -> None:
    tenants = {
        tenant.name: TenantComponent(tenant, site, removals, intent, site.clusters.options_for(tenant))
        for tenant in environment.tenants
    }
    pulumi.export("tenants", {name: tenant.outputs for name, tenant in tenants.items()})


async def _begin_registrations() -> None:
    """Lets every registration begin before the SDK first looks for what is outstanding.

    Without it the SDK finds the outputs first, and waits for all of them anew each time one of them is known: at sixty
    tenants two thirds of the program's CPU time.
    """
    await asyncio.sleep(0)


async def _run_part() -> None:
    """Nothing is registered while a tenant is in another stack than its file says."""
    with without_source_positions():
        occupied = await require_homes(_ASKED[0])
        if _ASKED[0].shard:
            await _deploy_shard(*_ASKED)
        else:
            _deploy(*_ASKED, occupied=occupied)
    await _begin_registrations()


collect_rarely()
drop_debug_messages()
end_quietly_when_interrupted()
end_quietly_when_the_engine_stops()
with without_source_positions():
    _ASKED = _asked_for()
    if not _ASKED[0].shards:
        _deploy(*_ASKED)
pulumi.run(_run_part if _ASKED[0].shards else _begin_registrations)
