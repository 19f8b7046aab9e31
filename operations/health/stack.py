"""Asks the API and the clusters how each deployed worker of a stack is; changes nothing, uses no tenant's key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from components.clearml.api.client import Client
from components.clearml.api.models import KeyInfo
from operations.engine import EngineStack
from operations.health.api_questions import ApiQuestions
from operations.health.cluster_questions import ClusterQuestions
from operations.health.connection import connection_of
from operations.health.hand_made_keys import hand_made_keys
from operations.health.workers import ingress_health, key_health, pods_health, release_health
from operations.releases.inventory import ReleaseAddress
from operations.releases.ownership import declared
from settings.facts import file_of
from settings.loading.load import Environment, load
from settings.models.cluster_ref import ClusterRef

_AT_A_TIME = 4

Health = Mapping[str, Mapping[str, str]]
"""One line by use (`agent`, `gateway-lab`), for others' workers `beside`, and `hand-made keys`; by tenant."""


def health_of(root: Path, name: str) -> list[str]:
    """How server and workers of the stack `name` are, a line for the server and one a tenant.

    Raises OperationError, ConfigurationError, ClearMLError.
    """
    stack, environment = EngineStack(root, name), load(root, name.rpartition("/")[2])
    outputs, own = stack.outputs(), environment.stack.own_cluster
    server = outputs.get("server")
    lines: dict[str, None] = {}  # in order, each once: the server's cluster is asked again for its tenants
    if server:
        with ExitStack() as open_:
            place = ClusterQuestions(open_, own, stack)
            told = _release(place, server["namespace"], server["release"])
        lines |= dict.fromkeys(filter(None, [place.away, f"server {server['release']}: {told}"]))
    workers = health(environment, stack, outputs.get("tenants") or {}, lines.setdefault)
    return [*lines, *(f"{tenant}: {row_of(told)}" for tenant, told in workers.items())]


def row_of(workers: Mapping[str, str]) -> str:
    """All workers of a tenant on one line."""
    return " | ".join(f"{use}: {told}" for use, told in workers.items()) or "no workers"


def health(
    environment: Environment,
    stack: EngineStack,
    tenants: Mapping[str, Any],
    report: Callable[[str], object] = lambda _: None,
) -> Health:
    """How the workers in `tenants`, the program's output of that name, are. Raises OperationError, ClearMLError.

    An API or a cluster that nobody can ask goes to `report`, once.
    """
    found = {tenant.name: environment.stack.cluster_of(tenant.workers) for tenant in environment.tenants}
    where = {name: found.get(name, environment.stack.own_cluster) for name in tenants}
    own = _own(environment, tenants, where)
    with Client(connection_of(environment, stack.settings())) as client, ExitStack() as open_:
        places = {place: ClusterQuestions(open_, place, stack, own) for place in set(where.values())}
        api = ApiQuestions(client)
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            told = pool.map(lambda name: _tenant(api, places[where[name]], environment, name, tenants[name]), tenants)
            workers = dict(zip(tenants, told, strict=True))
    for reason in (*(place.away for place in places.values()), api.reason and f"API: {api.reason}"):
        if reason:
            report(reason)
    return workers


def _own(environment: Environment, tenants: Mapping[str, Any], where: Mapping[str, ClusterRef]) -> set[ReleaseAddress]:
    """Every release that is deployed, or that the files ask for."""
    deployed = {
        ReleaseAddress(where[name], tenant["namespace"], release["name"])
        for name, tenant in tenants.items()
        for release in tenant["releases"].values()
    }
    return deployed | set(declared(environment))


def _tenant(
    api: ApiQuestions, place: ClusterQuestions, environment: Environment, name: str, tenant: Mapping[str, Any]
) -> dict[str, str]:
    file = file_of(environment.name, name, environment.shard)
    known, unasked = keys_of(api, tenant)
    lines = {}
    for use, release in tenant["releases"].items():
        access_key = tenant["credentials"][use]["accessKey"]
        key = f"key unknown ({unasked})" if known is None else key_health(access_key, known)
        lines[use] = f"{key}; {_release(place, tenant['namespace'], release['name'])}"
    others = {
        "beside": place.beside(tenant["namespace"], [key.access_key for key in known or ()]),
        "hand-made keys": hand_made_keys(api, environment.name, file, tenant, place.keys_in_use),
    }
    return {**lines, **{what: said for what, said in others.items() if said}}


def keys_of(api: ApiQuestions, tenant: Mapping[str, Any]) -> tuple[Sequence[KeyInfo] | None, str]:
    """Keys of all users whose keys the tenant's workers have; or None, and why one of them could not be asked."""
    found: list[KeyInfo] = []
    for owner in ("adminId", "serviceAccountId"):
        if owner in tenant:
            known, unasked = api.keys(tenant[owner])
            if known is None:
                return None, unasked
            found += known
    return found, ""


def _release(place: ClusterQuestions, namespace: str, name: str) -> str:
    seen, unseen = place.status(namespace, name)
    if seen is None:
        gone = "release: not found" in unseen
        return "release not there: deploy with a refresh, which installs it" if gone else f"pods unknown ({unseen})"
    status, drift = seen
    told = f"not as deployed: {', '.join(map(str, drift))}; make heal puts back what it can" if drift else ""
    parts = (
        release_health(status, namespace, place.stack, place.place),
        pods_health(status),
        told,
        ingress_health(status),
    )
    return "; ".join(part for part in parts if part)
