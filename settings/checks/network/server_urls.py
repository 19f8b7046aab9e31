"""Checks of where workers are told that the server is: an address that a pod can reach, and what follows of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.network import LINK, METADATA, PRIVATE, Network
from settings.models.server.urls import ServerUrls
from settings.models.stack import StackSettings
from settings.types.addresses import holder, ports_of
from settings.types.urls import Target

# Whoever asks at these asks the machine that it is on.
_ITSELF = ("localhost", "0.0.0.0", "::")  # noqa: S104
_LIKE = "like http://{release}-{part}.{namespace}.svc:{port}"
_PODS = {"api": ("apiserver", 8008), "app": ("webserver", 8080), "files": ("fileserver", 8081)}
_Found = Iterator[tuple[str, str]]


@check("workers can reach the server where serverUrls leads them")
def check_server_urls(facts: Facts) -> Iterator[Finding]:
    """Addresses that lead a pod nowhere, or into a tenant; warnings of what somebody may not have thought of."""
    if (settings := facts.settings) is None:
        return
    taken = {tenant.namespace: tenant.name for tenant in facts.tenants}
    away = [each for each in facts.tenants if settings.cluster_of(each.workers) != settings.own_cluster]
    asked = [("", settings.server_urls, settings.isolation.network, bool(away))]
    asked += [(each.name, each.server_urls, settings.network_of(each.workers), each in away) for each in facts.tenants]
    for tenant, urls, network, elsewhere in asked:
        for key, text in _wrong(urls, network, settings, taken):
            yield Finding(setting(tenant, key), text)
        for key, text in _doubtful(urls, network, settings, elsewhere=elsewhere):
            yield Finding(setting(tenant, key), text, WARNING)
    if external := settings.server.fileserver.external_url:
        for _, text in _wrong(ServerUrls(files=external), settings.isolation.network, settings, taken):
            yield Finding(setting("", "server.fileserver.externalUrl"), text)


def _targets(urls: ServerUrls) -> Iterator[tuple[str, Target]]:
    for part, url in urls.written():
        if target := Target.of(url):
            yield part, target


def _wrong(urls: ServerUrls, network: Network, settings: StackSettings, taken: Mapping[str, str]) -> _Found:
    for part, target in _targets(urls):
        key, host, (pod, port) = f"serverUrls.{part}", target.host, _PODS[part]
        example = _LIKE.format(
            release=settings.server.release, namespace=settings.server.namespace, part=pod, port=port
        )
        first, _, rest = host.partition(".")
        if host in _ITSELF or (target.address and holder(target.address, (*LINK, *METADATA))):
            yield key, f"{host!r} is the worker's own pod or node to a worker, not the server; write one {example}"
        elif not rest and not target.address:
            text = f"{host!r} leads nowhere from a tenant's namespace; name the Service with its namespace,"
            yield key, f"{text} like {first}.{settings.server.namespace}.svc"
        elif rest == settings.server.namespace:
            text = f"{host!r} is a Service without .svc, which passes for a host outside of the cluster, so that no"
            yield key, f"{text} network policy opens the way to its pods; write {host}.svc"
        elif tenant := taken.get(target.namespace or ""):
            text = f"{host!r} is in the namespace of tenant {tenant}, which nothing opens"
            yield key, f"{text}; write one {example}"
        elif target.address and holder(target.address, network.pods):
            yield key, f"{host!r} is a pod's address, which changes with the pod; name a Service, {example}"


def _doubtful(urls: ServerUrls, network: Network, settings: StackSettings, *, elsewhere: bool) -> _Found:
    for part, target in _targets(urls):
        key, host, base = f"serverUrls.{part}", target.host, settings.base_domain
        named = not (target.namespace or target.address)
        private = target.namespace or (target.address and holder(target.address, PRIVATE))
        if target.scheme == "http" and not private:
            yield key, f"{host!r} without TLS sends workers' keys in the clear; write it with https://"
        elif target.namespace and elsewhere:
            text = f"{host!r} is a Service of one cluster, and workers run in another than the server's; write"
            yield key, f"{text} an address that leads there from that cluster, in the tenant's serverUrls"
        elif target.namespace and not _is_pods_port(target, network, settings):
            text = (
                f"{host!r} is a Service at port {target.port}, and network policies count the port of its pods; where"
            )
            like = f"{{namespace: {target.namespace}, ports: [8008]}}"
            yield key, f"{text} that is another, no worker reaches it: list it in isolation.network.allow, like {like}"
        elif part == "app" and not target.namespace and not (host == base or host.endswith(f".{base}")):
            text = f"{host!r} is outside {base!r}, for which the sign-in cookie is set, so whoever follows a link in a"
            yield key, f"{text} task's log is not signed in; choose a host below it"
        elif named and target.port not in (80, 443) and not _opened(target.port, network):
            text = f"port {target.port} of {host!r} is one that no network policy opens; write where it leads in the"
            yield key, f"{text} stack's isolation.network.serverAddresses"


def _is_pods_port(target: Target, network: Network, settings: StackSettings) -> bool:
    """Whether pods may well listen at a Service's port; hardly any do at those of http and https.

    The ports of the server's own pods are open beside it, and so are those that the stack's file lists.
    """
    known = {settings.server.namespace, *(each.namespace for each in network.allow)}
    ingress = network.ingress
    if target.namespace in known or target.port not in (80, 443):
        return True
    return target.namespace == ingress.namespace and str(target.port) in ingress.ports


def _opened(port: int, network: Network) -> bool:
    """Whether the ports of the ingress controller, or of the server's addresses, have it."""
    texts = [*network.ingress.ports, *(text for each in network.server_addresses for text in each.ports)]
    return any(each.first <= port <= each.last for each in map(ports_of, texts) if each.protocol == "TCP")
