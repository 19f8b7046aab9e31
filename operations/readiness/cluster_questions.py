"""What the clusters are asked: whether each answers, and where its ingresses are."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence

from components.namespaces.api_server import ApiServer, ClusterError, StatusError
from components.namespaces.commands import kubectl
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.readiness.answer import Answer
from settings.errors import ConfigurationError
from settings.loading.load import Environment
from settings.models.cluster_ref import ClusterRef
from settings.types.urls import host_alone

_SECONDS = 4


def clusters(environment: Environment) -> list[ClusterRef]:
    """Each cluster that something runs in, the server's own first."""
    stack = environment.stack
    workers = [stack.cluster_of(tenant.workers) for tenant in environment.tenants if tenant.uses]
    return list({str(place): place for place in (stack.own_cluster, *workers)}.values())


def reachable(place: ClusterRef, stack: EngineStack) -> list[Answer]:
    """Whether its API server answers with the credentials of this shell, or of the stack's kubeconfig."""
    subject = f"cluster {place}"
    try:
        count = len(api_server(place, stack).namespaces())
    except StatusError as error:
        if error.status == 403:
            return [Answer(subject, "answers; these credentials may not list namespaces")]
        return [Answer(subject, f"HTTP {error.status} {error.reason}", kubectl("auth whoami", place))]
    except (ClusterError, OperationError, ConfigurationError) as error:
        reason = error.reason if isinstance(error, ClusterError) else str(error).splitlines()[0]
        remedy = (
            f"pulumi config set --stack {stack.name} --secret --path kubeconfigs.{place.kubeconfig}"
            if place.kubeconfig
            else "kubectl config get-contexts"
        )
        return [Answer(subject, f"cannot be asked: {reason[:200]}", remedy)]
    return [Answer(subject, f"answers, {count} namespaces")]


def hosts(environment: Environment, stack: EngineStack) -> list[Answer]:
    """Whether each host resolves, and to the ingress where the cluster has one for it."""
    own, namespace = environment.stack.own_cluster, environment.stack.server.namespace
    admitted = dict(_admitted(own, namespace, stack))
    for tenant in environment.tenants:
        if any(each.host_name for each in tenant.all_gateways.values()):
            admitted |= _admitted(environment.stack.cluster_of(tenant.workers), tenant.namespace, stack)
    look = f"{kubectl('get ingress --all-namespaces', own)}, and a DNS record to the address there"
    return [_host(host, admitted.get(rule, ()), look) for host, rule in _hosts(environment)]


def _hosts(environment: Environment) -> Iterator[tuple[str, str]]:
    """Each host that people open, and the rule of an ingress that leads there: for `*.` it is another."""
    settings = environment.stack
    yield settings.api_host, settings.api_host
    yield settings.app_host, settings.app_host
    if settings.server.fileserver.enabled and not settings.server.fileserver.external_url:
        yield settings.files_host, settings.files_host
    for tenant in environment.tenants:
        for gateway in tenant.all_gateways.values():
            if gateway.host_name:
                yield host_alone(gateway.url), gateway.host_name


def _host(host: str, ingress: Sequence[str], look: str) -> Answer:
    addresses = _addresses(host)
    if not addresses:
        return Answer(f"host {host}", "does not resolve", f"a DNS record to {ingress[0]}" if ingress else look)
    shown = ", ".join(sorted(addresses))
    there = {address for each in ingress for address in _addresses(each)}
    if there and not addresses & there:
        text = f"resolves to {shown}, and its ingress is at {', '.join(ingress)}"
        return Answer(f"host {host}", text, f"a DNS record to {ingress[0]}")
    known = "its ingress" if there else "no ingress has it yet, or the cluster cannot be asked"
    return Answer(f"host {host}", f"resolves to {shown} ({known})")


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return set()


def _admitted(place: ClusterRef, namespace: str, stack: EngineStack) -> Mapping[str, Sequence[str]]:
    """Where the ingress of each host is; nothing where the cluster does not tell."""
    try:
        return api_server(place, stack).ingresses(namespace)
    except (ClusterError, StatusError, OperationError, ConfigurationError):
        return {}


def api_server(place: ClusterRef, stack: EngineStack) -> ApiServer:
    """By the credentials of this shell, or of the stack's kubeconfig. Raises ClusterError, OperationError."""
    if place.kubeconfig:
        return ApiServer.of_content(stack.kubeconfig(place.kubeconfig), place.kube_context, _SECONDS)
    return ApiServer.of_file(None, place.kube_context, _SECONDS)
