"""Every check of the files: importing a module registers what is in it, and here all of them are imported.

The checks of free values against what this program sets are registered by `components.value_conflicts`.
"""

from __future__ import annotations

from settings.check_registry import registered
from settings.checks import (
    charts,
    cluster_refs,
    cookie,
    environment_values,
    files,
    one_tenant,
    people,
    placeholders,
    plain_secrets,
    queue_pods,
    service_accounts,
    unique,
    workers,
)
from settings.checks.network import addresses, isolation, package_indexes, ports, public_cloud, server_urls
from settings.checks.pod_shape import check as pod_shape
from settings.checks.pod_shape import own_pods, room
from settings.checks.server import databases, inert_values, reporting, take_over
from settings.checks.sign_in import (
    certificates,
    guides,
    lookalike_domains,
    open_companies,
    provider_secrets,
    providers,
    saml_metadata,
    tenant_providers,
)
from settings.checks.switches import unused
from settings.checks.tenant_rules import (
    annotations as ingress_annotations,
)
from settings.checks.tenant_rules import (
    chart_keys,
    cluster_access,
    companies,
    contexts,
    grants,
    guests,
    hosts,
    names,
    network,
    quota,
    registries,
    secret_references,
    worker_variables,
)
from settings.checks.tenant_rules import server_urls as server_hosts
from settings.checks.tenant_rules.pods import check as pods
from settings.checks.tenant_rules.pods import queue_names
from settings.features import checks as features
from settings.features import group_checks, server_version
from settings.loading import api_url, chart_login, declared_secrets, sso_secrets

MODULES = (
    *(
        addresses,
        charts,
        cookie,
        databases,
        environment_values,
        files,
        inert_values,
        isolation,
        package_indexes,
        people,
        placeholders,
        cluster_refs,
        plain_secrets,
        ports,
        public_cloud,
        pod_shape,
        own_pods,
        queue_pods,
        reporting,
        room,
        server_urls,
        service_accounts,
        take_over,
        one_tenant,
        unique,
        unused,
        workers,
    ),
    *(
        ingress_annotations,
        chart_keys,
        cluster_access,
        companies,
        contexts,
        grants,
        guests,
        hosts,
        names,
        network,
        pods,
        queue_names,
        quota,
        registries,
        secret_references,
        server_hosts,
        worker_variables,
    ),
    *(features, group_checks, server_version, api_url, chart_login, declared_secrets, sso_secrets),
    *(certificates, guides, lookalike_domains, open_companies, provider_secrets, providers, saml_metadata),
    tenant_providers,
)
CHECKS = tuple(each for each in registered() if each.module in {module.__name__ for module in MODULES})
