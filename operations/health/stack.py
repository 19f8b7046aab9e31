"""Asks the API and the clusters how each deployed worker of a stack is; changes nothing, uses no tenant's key."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

from components.clearml.api.calls import credentials, service_users, users
from components.clearml.api.client import Client
from components.clearml.api.connection import Connection, Limits
from components.clearml.api.errors import BadCredentials, ClearMLError, ConnectionLost, Unreachable, UntrustedServer
from components.clearml.api.models import KeyInfo, UserInfo
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.health.hand_made_keys import hand_made_keys
from operations.health.workers import ingress_health, key_health, pods_health, release_health
from operations.releases.drift import Drift, drift_of
from operations.releases.helm import Helm, helm_in
from operations.releases.inventory import ReleaseAddress
from operations.releases.neighbours import Neighbour, beside, neighbours
from operations.releases.ownership import declared
from settings.facts import file_of
from settings.loading.api_url import OVERRIDE, override_of
from settings.loading.load import Environment, load
from settings.models.cluster_ref import ClusterRef

# A look is for a person who waits; what does not answer is told.
_LIMITS = Limits(connect_seconds=3, answer_seconds=10, attempts=1, total_seconds=10)
_AT_A_TIME = 4
T = TypeVar("T")
# What one tenant meets of it, every other does.
_UNASKED = (Unreachable, UntrustedServer, ConnectionLost, BadCredentials)

Health = Mapping[str, Mapping[str, str]]
"""One line by use (`agent`, `gateway-lab`), for others' workers `beside`, and `hand-made keys`; by tenant."""


class _Place:
    """Asks helm in a place; of one that does not answer, that is found out once, and `away` says why."""

    def __init__(
        self, open_: ExitStack, place: ClusterRef, stack: EngineStack, own: Collection[ReleaseAddress] = ()
    ) -> None:
        self.place, self.stack = place, stack.name
        self._reached, why_not = _or_reason(lambda: self._reach(open_, stack, own))
        self.away = f"{place}: {why_not}" if self._reached is None else ""

    def status(self, namespace: str, name: str) -> tuple[Any, str]:
        """A release's with what drifted of it, or None and why not."""
        if self._reached is None:
            return None, f"{self.place} cannot be asked"
        helm, _ = self._reached
        return _or_reason(lambda: _looked_at(helm, ReleaseAddress(self.place, namespace, name)))

    def beside(self, namespace: str, access_keys: Collection[str]) -> str:
        """Others' workers beside a tenant's."""
        return "; ".join(beside(self._neighbours, namespace, access_keys))

    @property
    def keys_in_use(self) -> dict[str, str]:
        """Others' workers by their access keys."""
        return {each.access_key: f"release {each.found}" for each in self._neighbours if each.access_key}

    @property
    def _neighbours(self) -> Sequence[Neighbour]:
        return self._reached[1] if self._reached else ()

    def _reach(
        self, open_: ExitStack, stack: EngineStack, own: Collection[ReleaseAddress]
    ) -> tuple[Helm, list[Neighbour]]:
        helm = open_.enter_context(helm_in(self.place, stack))
        releases = helm.releases()
        return helm, neighbours(helm, releases, own) if own else []


class _Api:
    """Asks the API for keys and people; why it cannot be asked is found out once, whoever asks."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._keys: dict[str, Sequence[KeyInfo]] = {}
        self._owners: dict[str, str] = {}
        self.reason = ""

    def keys(self, user_id: str) -> tuple[Sequence[KeyInfo] | None, str]:
        """Those of a user, or None and why not."""
        if user_id in self._keys:
            return self._keys[user_id], ""
        found, unasked = self._ask(lambda: credentials.of_user(self._client, user_id))
        if found is not None:
            self._keys[user_id] = found
        return found, unasked

    def colleagues(self, user_id: str) -> tuple[Sequence[UserInfo] | None, str]:
        """All users of the user's company, or None and why not."""
        return self._ask(lambda: users.colleagues(self._client, user_id))

    def accounts(self, admin_id: str) -> Mapping[str, str]:
        """Names of service accounts by their ids; older servers know of none."""
        found = self._ask(lambda: service_users.of_company(self._client, admin_id))[0] or ()
        return {each.id: each.name for each in found}

    def owner(self, access_key: str) -> str:
        """Whose key it is, asked once for all tenants; empty where nobody tells."""
        if access_key not in self._owners:
            self._owners[access_key] = self._ask(lambda: credentials.owner(self._client, access_key))[0] or ""
        return self._owners[access_key]

    def _ask(self, ask: Callable[[], T]) -> tuple[T | None, str]:
        if not self.reason:
            try:
                return ask(), ""
            except _UNASKED as error:
                self.reason = self.reason or str(error)
            except ClearMLError as error:
                return None, str(error)
        return None, "the API cannot be asked"


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
            place = _Place(open_, own, stack)
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
        places = {place: _Place(open_, place, stack, own) for place in set(where.values())}
        api = _Api(client)
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


def connection_of(environment: Environment, settings: Mapping[str, str]) -> Connection:
    """As the program's own, by the stack's decrypted `settings`: the environment's CLEARML_API_URL wins.

    Raises ConfigurationError as the program does, Misconfigured.
    """
    override_of(environment.name, environment.api_url, os.environ)
    return Connection(
        url=os.environ.get(OVERRIDE) or environment.api_url,
        key=settings.get("apiserverKey", ""),
        secret=settings.get("apiserverSecret", ""),
        ca_file=settings.get("apiCaFile"),
        limits=_LIMITS,
    )


def _tenant(api: _Api, place: _Place, environment: Environment, name: str, tenant: Mapping[str, Any]) -> dict[str, str]:
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


def keys_of(api: _Api, tenant: Mapping[str, Any]) -> tuple[Sequence[KeyInfo] | None, str]:
    """Those of all users whose keys the tenant's workers have."""
    found: list[KeyInfo] = []
    for owner in ("adminId", "serviceAccountId"):
        if owner in tenant:
            known, unasked = api.keys(tenant[owner])
            if known is None:
                return None, unasked
            found += known
    return found, ""


def _looked_at(helm: Helm, spot: ReleaseAddress) -> tuple[Mapping[str, Any], list[Drift]]:
    status = helm.status(spot)
    return status, drift_of(helm, spot, status)


def _release(place: _Place, namespace: str, name: str) -> str:
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


def _or_reason(ask: Callable[[], Any]) -> tuple[Any, str]:
    """What was answered, or None and why not: one part that does not answer hides no other."""
    try:
        return ask(), ""
    except (ClearMLError, OperationError) as error:
        return None, str(error)
