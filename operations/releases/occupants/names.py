"""Pure: the objects that a stack's files ask for beside namespaces and releases, and the file that asks for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from operations.releases.inventory import ObjectAddress
from settings.facts import file_of, stack_file_of
from settings.loading.chart_login import IMAGE_TOKEN
from settings.loading.load import Environment
from settings.models.isolation import limits, quota
from settings.models.secrets import granted
from settings.models.tenant import Tenant
from settings.types.naming import (
    DEFAULT_DENY,
    EVERY_POD,
    IDENTITY_PROVIDERS_SECRET,
    KUBERNETES_API,
    LIMIT_RANGE,
    NETWORK_POLICY,
    REGISTRY_SECRET,
    RESOURCE_QUOTA,
    SECRET,
    SUPERVISOR_SECRET,
    worker_secret_name,
)


def names(environment: Environment) -> dict[ObjectAddress, str]:
    """The file behind each."""
    found: dict[ObjectAddress, str] = {}
    settings = environment.stack
    if not environment.shard:
        place, space = settings.own_cluster, settings.server.namespace
        file = stack_file_of(environment.name)
        found |= {ObjectAddress(place, space, SECRET, each): file for each in _of_server(environment)}
    for tenant in environment.tenants:
        place = settings.cluster_of(tenant.workers)
        file = file_of(environment.name, tenant.name, tenant.shard)
        found |= {ObjectAddress(place, tenant.namespace, *each): file for each in _of_tenant(tenant, environment)}
    return found


def _of_server(environment: Environment) -> Iterator[str]:
    settings = environment.stack
    yield from settings.secrets
    yield from _registry(environment.secrets)
    if settings.server.supervisor.enabled:
        yield SUPERVISOR_SECRET
    if settings.server.identity_providers.with_secret():
        yield IDENTITY_PROVIDERS_SECRET


def _of_tenant(tenant: Tenant, environment: Environment) -> Iterator[tuple[str, str]]:
    settings = environment.stack
    # Their rules take long to compute, and only names are asked for.
    walls = (DEFAULT_DENY, EVERY_POD, *((KUBERNETES_API,) if tenant.all_agents else ()), *tenant.all_gateways)
    yield from ((NETWORK_POLICY, name) for name in walls)
    if _says_an_amount(quota(settings.isolation, tenant.isolation).model_dump(exclude={"gpu_resource"})):
        yield RESOURCE_QUOTA, "quota"
    if _says_an_amount(limits(settings.isolation, tenant.isolation).model_dump()):
        yield LIMIT_RANGE, "limits"
    declared = {**granted(settings.secrets, tenant.name), **tenant.secrets}
    workers = (worker_secret_name(tenant.worker_of(use)) for use in tenant.uses)
    yield from ((SECRET, name) for name in (*declared, *workers, *_registry(environment.secrets)))


def _says_an_amount(said: object) -> bool:
    """Without any, nothing is made."""
    return any(map(_says_an_amount, said.values())) if isinstance(said, Mapping) else said is not None


def _registry(secrets: Iterable[str]) -> Iterator[str]:
    if IMAGE_TOKEN in secrets:
        yield REGISTRY_SECRET
