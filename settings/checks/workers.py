"""Checks of agents and gateways: within a tenant, and where tenants share ports or names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from settings.check_registry import check
from settings.checks.network.ports import shown
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.workers.gateway import NODE_PORTS, Gateway
from settings.types.naming import is_gateway, worker_key
from settings.types.urls import host_of
from settings.types.versions import at_least

# Helm's own limit.
_RELEASE_LENGTH = 53


@check("agents and gateways fit each other, and no two tenants share a release")
def check_workers(facts: Facts) -> Iterator[Finding]:
    """Everything wrong with agents and gateways."""
    settings, tenants = facts.settings, facts.tenants
    for tenant in tenants:
        yield from _agents(tenant)
        for use, gateway in tenant.all_gateways.items():
            yield from _gateway(tenant, worker_key(use), gateway)
            if settings:
                yield from _stream_session(tenant, f"{worker_key(use)}.streamSession", gateway, settings)
        if settings:
            yield from _apps_queue(tenant, settings)
            yield from _charts(tenant, settings)
    yield from _releases(tenants)


def _gateway(tenant: Tenant, key: str, gateway: Gateway) -> Iterator[Finding]:
    if not tenant.all_agents:
        text = "needs an agent beside it, whose tasks it leads to; add one like agent: {queues: {default: {}}}"
        yield Finding(setting(tenant.name, key), text)
    yield from _way_in(tenant.name, key, gateway)


def _way_in(tenant: str, key: str, gateway: Gateway) -> Iterator[Finding]:
    host, url = gateway.host_name, gateway.external_url
    if host and host.startswith("*."):
        if url is None:
            text = f"{host!r} is no host that people could open; write beside it where they begin, like"
            yield Finding(setting(tenant, f"{key}.hostName"), f"{text} externalUrl: https://app.{gateway.domain}")
        elif host_of(url).partition(".")[2] != gateway.domain:
            text = f"{url!r} is not directly below {gateway.domain!r}, so the ingress does not lead it here; write it"
            yield Finding(setting(tenant, f"{key}.externalUrl"), f"{text} like https://app.{gateway.domain}")
    elif (host is None) == (url is None):
        text = "needs either hostName (behind an ingress) or externalUrl (without one); write one of the two"
        yield Finding(setting(tenant, key), text)
    elif url and gateway.ingress.model_fields_set:
        text = "goes with hostName, and this gateway has no ingress (externalUrl); remove one of the two"
        yield Finding(setting(tenant, f"{key}.ingress"), text)


def _agents(tenant: Tenant) -> Iterator[Finding]:
    """Each queue has one agent."""
    served: dict[str, str] = {}
    for use, agent in tenant.all_agents.items():
        key = worker_key(use)
        for queue in agent.queues:
            other = served.setdefault(queue, key)
            if other != key:
                text = f"{queue!r} is already a queue of {other}, and one agent would take the other's tasks; "
                yield Finding(setting(tenant.name, f"{key}.queues"), f"{text}keep it in one place")


def _apps_queue(tenant: Tenant, settings: StackSettings) -> Iterator[Finding]:
    """One agent of a tenant runs its applications, where the server leaves these to the tenants."""
    asking = [worker_key(use) for use, agent in tenant.all_agents.items() if agent.apps_queue is not None]
    if settings.server.queue_mode != "per_tenant":
        for key in asking:
            text = "means nothing while the server runs all applications; remove it, or set the stack's "
            yield Finding(setting(tenant.name, f"{key}.appsQueue"), f"{text}server.queueMode: per_tenant")
    elif len(asking) > 1:
        text = f"is at {' and '.join(asking)}, and one agent runs the applications; keep it in one place"
        yield Finding(setting(tenant.name, f"{asking[-1]}.appsQueue"), text)
    elif len(tenant.all_agents) > 1 and tenant.apps_agent is None:
        text = "one of them has to run the applications (server.queueMode is per_tenant); add appsQueue: {} to it"
        yield Finding(setting(tenant.name, "agents"), text)


def _charts(tenant: Tenant, settings: StackSettings) -> Iterator[Finding]:
    stacks = {"agent": settings.charts.agent, "gateway": settings.charts.gateway}
    for name, asked in (("agent", tenant.charts.agent), ("gateway", tenant.charts.gateway)):
        if asked and stacks[name].is_folder:
            text = f"the stack's chart is the folder {stacks[name].chart}, which has one version; remove this, or have "
            yield Finding(
                setting(tenant.name, f"charts.{name}.version"), f"{text}the stack take its chart from a registry"
            )


def _stream_session(tenant: Tenant, key: str, gateway: Gateway, settings: StackSettings) -> Iterator[Finding]:
    session = gateway.stream_session
    if session is None:
        return
    ports = session.port_range
    if ports.start > ports.end:
        text = f"starts at {ports.start}, after its end {ports.end}; write it like {{start: 30100, end: 30199}}"
        yield Finding(setting(tenant.name, f"{key}.portRange"), text)
    elif session.service_type == "NodePort" and not (NODE_PORTS[0] <= ports.start and ports.end <= NODE_PORTS[1]):
        text = f"{shown(ports)} is outside the node ports {NODE_PORTS[0]}-{NODE_PORTS[1]}; move it there, or set "
        yield Finding(setting(tenant.name, f"{key}.portRange"), f"{text}serviceType: LoadBalancer")
    if session.load_balancer_class is None:
        return
    version = settings.charts.gateway.at(tenant.charts.gateway).version
    if session.service_type != "LoadBalancer":
        text = "goes with serviceType: LoadBalancer; write that beside it, or remove this"
        yield Finding(setting(tenant.name, f"{key}.loadBalancerClass"), text)
    elif not at_least(version, 3, 0, 6):
        text = f"is known to gateway charts from 3.0.6 on, and this is {version}; raise that, or remove this"
        yield Finding(setting(tenant.name, f"{key}.loadBalancerClass"), text)


def _releases(tenants: Iterable[Tenant]) -> Iterator[Finding]:
    """`acme` with an agent `x-agent` and `acme-agent-x` with an agent would both own `acme-agent-x-agent`.

    So would an agent `x-gateway` and that tenant's gateway. Files are read in the order of their names, the longer
    first, so the later one always has a name. Names of keys and Secrets begin with the release's: none meets another.
    """
    first: dict[str, str] = {}
    for tenant in tenants:
        for use in tenant.uses:
            name = tenant.worker_of(use)
            other = first.setdefault(name, tenant.name)
            if other != tenant.name:
                this = "gateway" if is_gateway(use) else "agent"
                text = f"{name!r} is already a release of tenant {other}; rename this {this}"
                yield Finding(setting(tenant.name, worker_key(use)), text)
        yield from _release_names(tenant)


def _release_names(tenant: Tenant) -> Iterator[Finding]:
    """Each is one that Helm takes. Two workers of one namespace are two releases, whatever their file calls them."""
    first: dict[str, str] = {}
    for use in tenant.uses:
        key, name = worker_key(use), tenant.release_of(use)
        if len(name) > _RELEASE_LENGTH:
            text = f"its release {name!r} has over {_RELEASE_LENGTH} characters; choose a shorter name"
            yield Finding(setting(tenant.name, key), text)
        other = first.setdefault(name, key)
        if other != key:
            text = f"{name!r} is already the release of {other}; give one of them another releaseName"
            yield Finding(setting(tenant.name, f"{key}.releaseName"), text)
