"""Asks the API and the clusters how each deployed worker of a stack is; changes nothing, uses no tenant's key."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from components.clearml import keys
from components.clearml.client import Client
from components.clearml.connection import Connection, Limits
from components.clearml.errors import ClearMLError
from config.load import Environment, load
from config.place import Place
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.health import ingress_health, key_health, pods_health, release_health
from operations.helm import Helm, helm_in
from operations.recorded import Spot

# A look is for a person who waits; what does not answer is told.
_LIMITS = Limits(connect_seconds=3, answer_seconds=10, attempts=1, total_seconds=10)
_AT_A_TIME = 4

Health = Mapping[str, Mapping[str, str]]
"""One line by use (`agent`, `agent-gpu`, `gateway`), by tenant."""
_Ask = Callable[[str, str], tuple[Any, str]]
"""Of a namespace and a release's name: its status, or None and why not."""


def health_of(root: Path, name: str) -> list[str]:
    """How server and workers of the stack `name` are, a line each.

    Raises OperationError, ConfigurationError, ClearMLError.
    """
    stack, environment = EngineStack(root, name), load(root, name.rpartition("/")[2])
    outputs, own = stack.outputs(), environment.stack.own_place
    server = outputs.get("server")
    lines = []
    if server:
        with ExitStack() as open_:
            told = _release(_helm(open_, own, stack), server["namespace"], server["release"])
        lines.append(f"server {server['release']}: {told}")
    for tenant, workers in health(environment, stack, outputs.get("tenants") or {}).items():
        lines += [f"{tenant} {use}: {told}" for use, told in workers.items()]
    return lines


def health(environment: Environment, stack: EngineStack, tenants: Mapping[str, Any]) -> Health:
    """How the workers in `tenants`, the program's output of that name, are. Raises OperationError, ClearMLError."""
    found = {tenant.name: environment.stack.place_of(tenant.workers) for tenant in environment.tenants}
    where = {name: found.get(name, environment.stack.own_place) for name in tenants}
    with Client(_connection(environment, stack)) as client, ExitStack() as open_:
        helms = {place: _helm(open_, place, stack) for place in set(where.values())}
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            told = pool.map(lambda name: _tenant(client, helms[where[name]], tenants[name]), tenants)
            return dict(zip(tenants, told, strict=True))


def _helm(open_: ExitStack, place: Place, stack: EngineStack) -> _Ask:
    """Asks helm in a place for a release's status; of a place that does not answer, that is found out once."""

    def reached() -> Helm:
        helm = open_.enter_context(helm_in(place, stack))
        helm.releases()
        return helm

    helm, why_not = _or_reason(reached)
    if helm is None:
        return lambda _namespace, _name: (None, f"{place}: {why_not}")
    return lambda namespace, name: _or_reason(lambda: helm.status(Spot(place, namespace, name)))


def _connection(environment: Environment, stack: EngineStack) -> Connection:
    """As the program's own: the environment's CLEARML_API_URL wins."""
    settings = stack.settings()
    return Connection(
        url=os.environ.get("CLEARML_API_URL") or environment.api_url,
        key=settings.get("apiserverKey", ""),
        secret=settings.get("apiserverSecret", ""),
        ca_file=settings.get("apiCaFile"),
        limits=_LIMITS,
    )


def _tenant(client: Client, ask: _Ask, tenant: Mapping[str, Any]) -> dict[str, str]:
    known, unasked = _or_reason(lambda: keys.of_user(client, tenant["adminId"]))
    lines = {}
    for use, release in tenant["releases"].items():
        access_key = tenant["credentials"][use]["accessKey"]
        key = f"key unknown ({unasked})" if known is None else key_health(access_key, known)
        lines[use] = f"{key}; {_release(ask, tenant['namespace'], release['name'])}"
    return lines


def _release(ask: _Ask, namespace: str, name: str) -> str:
    status, unseen = ask(namespace, name)
    if status is None:
        return f"pods unknown ({unseen})"
    parts = (release_health(status, namespace), pods_health(status), ingress_health(status))
    return "; ".join(part for part in parts if part)


def _or_reason(ask: Callable[[], Any]) -> tuple[Any, str]:
    """What was answered, or None and why not: one part that does not answer hides no other."""
    try:
        return ask(), ""
    except (ClearMLError, OperationError) as error:
        return None, str(error)
