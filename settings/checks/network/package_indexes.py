"""Warns where tasks could install nothing: a closed namespace reaches no package index unless somebody lists one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.network import Destination
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.workers.agent import Agent
from settings.types.addresses import ports_of

# Its pods are on nobody's network: kwok runs none, and no policy is enforced.
_LOCAL = "local"
# With it a task takes what its image has.
_INSTALLS_NOTHING = "CLEARML_AGENT_SKIP_PYTHON_ENV_INSTALL"
# Where indexes, their mirrors and proxies answer.
_PORTS = (80, 443, 3128, 3141, 8080, 8081, 8443)
_SHOWN = 3


@check("tasks reach an index of packages, or install none")
def check_package_indexes(facts: Facts) -> Iterator[Finding]:
    """One warning for the stack, however many tenants it is about."""
    if (settings := facts.settings) is None or facts.stack == _LOCAL:
        return
    without = [each.name for each in facts.tenants if _installs(each) and not _reaches_one(each, settings)]
    if without:
        names = ", ".join(without[:_SHOWN]) + (f" and {len(without) - _SHOWN} more" if len(without) > _SHOWN else "")
        text = f"tasks of {names} reach no package index, and fail if they install something; write [{{cidr: 0.0.0.0/0,"
        fix = "ports: [443]}] for the public ones, or [{namespace: mirror, ports: [8081]}] for one of your own"
        yield Finding(setting("", "isolation.network.allow"), f"{text} {fix}", WARNING)


def _installs(tenant: Tenant) -> bool:
    return any(not _is_told_to_install_nothing(agent) for agent in tenant.all_agents.values())


def _is_told_to_install_nothing(agent: Agent) -> bool:
    entries = agent.base_pod_template.get("env")
    return isinstance(entries, list | tuple) and any(
        isinstance(each, Mapping) and each.get("name") == _INSTALLS_NOTHING for each in entries
    )


def _reaches_one(tenant: Tenant, settings: StackSettings) -> bool:
    """In another cluster without `serverAddresses`, pods reach every public address where the server might be."""
    network = settings.network_of(tenant.workers)
    is_near = settings.cluster_of(tenant.workers) == settings.own_cluster
    listed = (*network.allow, *tenant.isolation.network.allow)
    return any(map(_may_be_one, listed)) or not (is_near or network.server_addresses)


def _may_be_one(entry: Destination) -> bool:
    """A namespace may hold a mirror at any port."""
    ports = map(ports_of, entry.ports)
    found = any(each.protocol == "TCP" and any(each.first <= port <= each.last for port in _PORTS) for each in ports)
    return bool(entry.namespace) or found
