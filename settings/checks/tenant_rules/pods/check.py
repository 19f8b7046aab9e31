"""What a tenant's file may write into pods: nothing that gives them rights, a way around a policy, or others' room."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from settings.check_registry import check
from settings.checks.pod_data import holds_data
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.checks.tenant_rules.pods import identity, marks, room
from settings.checks.tenant_rules.pods.rules import MissingGrant, Rules
from settings.finding import Finding, setting
from settings.models.isolation import pod_security
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.naming import worker_key
from settings.types.tree import children
from settings.types.urls import Target, host_of

# Settings of ours that have a rule of their own: `cluster_access.py`.
_WITH_A_RULE = frozenset({"clusterAccess"})
_Found = Iterator[tuple[str, str | MissingGrant]]


@check("pods get no rights, no node and no room of others", precedence="last")
@for_each_tenant
def check_pods(tenant: Tenant, settings: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Everything in the free settings of agents and gateways that a tenant may not have."""
    rules = _rules(tenant, settings, grants)
    for use, worker in tenant.all_workers.items():
        for key, wrong in _walk(worker, worker_key(use), rules):
            way = wrong.way if isinstance(wrong, MissingGrant) else None
            yield Finding(setting(tenant.name, key), str(wrong), grant=way)


def _rules(tenant: Tenant, settings: StackSettings, grants: Grants) -> Rules:
    networks = (settings.network_of(tenant.workers), *settings.isolation.networks)
    hosts = (host_of(settings.url_of(settings.api_host)), settings.app_host, settings.files_host)
    inside = [target.host for url in vars(settings.urls_for()).values() if url and (target := Target.of(url))]
    return Rules(
        tenant,
        grants,
        frozenset(each.release_label for each in networks),
        frozenset(filter(None, (*hosts, *inside))),
        pod_security(settings.isolation, tenant.isolation) == "privileged",
    )


def _walk(value: object, path: str, rules: Rules) -> _Found:
    if isinstance(value, str) and (text := identity.template(value, path, rules) or identity.lines(value, path, rules)):
        yield path, text
    for key, at, each in children(value, path):
        if isinstance(value, list | tuple):
            yield from _walk(each, at, rules)
        elif not (key in _WITH_A_RULE and isinstance(value, BaseModel)):
            yield from _field(key, each, at, path.rpartition(".")[2], rules)


def _field(key: str, value: object, at: str, above: str, rules: Rules) -> _Found:
    """What is wrong with one key of the mapping that is called `above`, and with what stands below the key."""
    if text := identity.template(key, at, rules):
        yield at, text
        return
    data = above == "queues" or holds_data(above)
    found = [] if data else [(at, text) for text in _about(key, value, at, rules)]
    yield from found
    # Charts write a whole mapping of annotations as YAML's own writer does.
    if above.lower().endswith("annotations") and isinstance(value, str):
        if text := identity.template(value, at, rules):
            yield at, text
    elif not found:
        yield from _walk(value, at, rules)


def _about(key: str, value: object, path: str, rules: Rules) -> Iterator[str | MissingGrant]:
    """What is wrong with one key of a mapping; the first that is."""
    if value in (None, False, "", [], (), {}):
        return
    texts: tuple[str | MissingGrant, ...] = (
        identity.rights(key, path, rules),
        room.node(key, rules),
        room.probes(key, value),
        room.priority(key, value, rules),
        room.tolerations(key, value, rules),
        identity.labels(key, value, path, rules),
        identity.retention(key, value),
        marks.marks(key, value, path, rules),
        room.control_plane(key, value, rules),
        room.claims(key, path),
        room.volumes(key, rules, path),
        identity.secrets(key, value, rules),
        identity.elsewhere(key, value, rules),
        identity.mounts(key, value, path),
        identity.searches(key, value, path, rules),
        room.neighbours(key, value),
        room.end(key, value, path),
    )
    yield from [text for text in texts if text][:1]
