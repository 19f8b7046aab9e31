"""The tenant acme of a project: its files as a run reads them, and its cluster as its policies have it."""

from __future__ import annotations

from pathlib import Path

from components.values.policies import policies
from settings.loading.load import Environment
from tests.unit.asked import ACME, STACK_FILE, TENANT, load_project
from tests.unit.components.isolation.network_policy import Cluster


def loaded(root: Path, stack: str, tenant: str = TENANT) -> Environment:
    return load_project(root, {STACK_FILE: stack, ACME: tenant})


def cluster_of(environment: Environment) -> Cluster:
    """With the namespace of another tenant beside it."""
    specs = policies(environment.tenants[0], environment.stack).specs
    found = [{"metadata": {"namespace": "acme", "name": name}, "spec": spec} for name, spec in specs.items()]
    return Cluster({each: {"clearml-tenants/tenant": each} for each in ("acme", "globex")}, found)


def server_url_warnings(environment: Environment) -> list[str]:
    """What is told of where agents and gateways reach the server."""
    return [f"{each.where.key}: {each.message}" for each in environment.warnings if "serverUrls" in each.where.key]
