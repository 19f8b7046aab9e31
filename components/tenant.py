"""One tenant, whole.

Responsible for: company, internal admin, features, identity provider, a pair of credentials per use, sign-in rules,
namespace with all that sets it apart, agents, gateways.
"""

from __future__ import annotations

from typing import Any

import pulumi

from components.applications import application_access, company_limits
from components.clearml.admin_user.resource import AdminUser
from components.clearml.company.resource import Company
from components.clearml.credentials.resource import Credentials
from components.clearml.features import Features
from components.clearml.run.intent import Intent
from components.isolation import IsolationComponent
from components.kinds.objects import Namespace
from components.namespaces.namespace import namespace, tenant_labels
from components.pull_secret import pull_secret
from components.release import summary
from components.secrets.namespace import declared_secrets
from components.shards.site import Site
from components.sign_in import Removals, sign_in_rules
from components.sso import login_url, tenant_sso
from components.values.secrets.namespace import NamespaceSecrets
from components.workers.credentials import key_owners, service_account, worker_credentials
from components.workers.key_revocations import revoke_listed
from components.workers.stale_credentials import revoke_stale
from components.workers.workers import workers
from settings.features.effective import expected_of_admin, layers_of
from settings.models.isolation import pod_security
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import TENANT, admin_name, features_name, key_labels, surplus_name


class TenantComponent(pulumi.ComponentResource):
    """What one tenant's file asks for, at `site`; `intent` is what all tenants' files do.

    `outputs` is what is told of the tenant: ids and access keys, no secret, and nothing that changes by itself (ADR 5).
    """

    def __init__(
        self,
        tenant: Tenant,
        site: Site,
        removals: Removals,
        intent: Intent,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(TENANT, tenant.name, None, opts)
        stack, secrets = site.stack, site.secrets
        child = pulumi.ResourceOptions(parent=self)
        needs_api = pulumi.ResourceOptions(parent=self, depends_on=[*site.server], protect=tenant.protect)

        company = _company(tenant, intent, needs_api)
        admin = _admin(tenant, site.environment, company, child)
        features = _features(tenant, stack, company, admin, child)
        sso = tenant_sso(tenant, company, secrets.sso_client_secrets, child)
        application_access(tenant, company.company_id, child)
        account = service_account(tenant, site.environment, admin, company.company_id, _after([features], child))
        credentials = worker_credentials(tenant, site.environment, key_owners(tenant, stack, admin, account), child)
        rules = sign_in_rules(tenant, admin, removals, child)

        space = _space(tenant, site, child)
        closed = IsolationComponent(tenant, stack, space, child).ready
        inside = pulumi.ResourceOptions(parent=self, deleted_with=space)
        declared = NamespaceSecrets.of_tenant(tenant, stack, secrets)
        running = workers(
            tenant,
            stack,
            access=site.chart_access,
            namespace=closed,
            deleted_with=space,
            credentials=credentials,
            pull_secret=pull_secret(tenant.namespace, closed, secrets.image_token, inside),
            secrets=declared,
            after=declared_secrets(tenant.namespace, closed, declared, inside),
            opts=child,
        )
        releases = {use: worker.release for use, worker in running.items()}
        for use, key in credentials.items():
            revoke_stale(surplus_name(tenant.name, use), key, list(releases.values()), child)
        rolled_out = _after([*releases.values()], child)
        revoke_listed(tenant, company.company_id, admin, credentials.values(), rolled_out, environment=site.environment)

        self.outputs: dict[str, Any] = {
            "company": company.name,
            "companyId": company.company_id,
            "adminId": admin.user_id,
            "adminEmail": admin.email,
            **({"serviceAccountId": account.user_id} if account else {}),
            "namespace": space.metadata["name"],
            "cluster": str(stack.cluster_of(tenant.workers)),
            "features": features.features,
            "credentials": {use: _key(key) for use, key in credentials.items()},
            "signIn": rules,
            **({"loginUrl": login_url(stack.url_of(stack.app_host), sso)} if sso else {}),
            **_gateways(tenant),
            "releases": {use: summary(release) for use, release in releases.items()},
        }
        self.register_outputs(self.outputs)


def _after(resources: list[pulumi.Resource], opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=resources))


def _space(tenant: Tenant, site: Site, opts: pulumi.ResourceOptions) -> Namespace:
    labels = tenant_labels(site.environment, tenant.name, pod_security(site.stack.isolation, tenant.isolation))
    hook = site.clusters.namespace_hook(site.stack.cluster_of(tenant.workers))
    return namespace(tenant.namespace, opts, hook, labels)


def _key(key: Credentials) -> dict[str, Any]:
    return {"accessKey": key.access_key, "label": key.label, "created": key.created}


def _gateways(tenant: Tenant) -> dict[str, Any]:
    """Where people open the gateways; one without a name is told as before there could be several."""
    further = {name: each.url for name, each in tenant.gateways.items()}
    return {
        **({"gateway": tenant.gateway.url} if tenant.gateway else {}),
        **({"gateways": further} if further else {}),
    }


def _company(tenant: Tenant, intent: Intent, opts: pulumi.ResourceOptions) -> Company:
    """With what is declared of features and users; a list that is not declared is unset, which is not empty."""
    declared = {
        "features": list(tenant.features),
        "exclude_features": list(tenant.exclude_features),
        "allowed_users": tenant.allowed_users,
    }
    return Company(
        tenant.name,
        name=tenant.company,
        admin_email=tenant.admin.email,
        opts=opts,
        adopt=tenant.adopt,
        known_id=tenant.company_id,
        on_remove=tenant.on_remove,
        defaults={name: value for name, value in declared.items() if value},
        intent=intent,
    )


def _admin(tenant: Tenant, environment: str, company: Company, opts: pulumi.ResourceOptions) -> AdminUser:
    return AdminUser(
        admin_name(tenant.name),
        company_id=company.company_id,
        name=tenant.admin.name,
        email=tenant.admin.email,
        opts=opts,
        key_labels=key_labels(environment, tenant.name),
    )


def _features(
    tenant: Tenant, stack: StackSettings, company: Company, admin: AdminUser, opts: pulumi.ResourceOptions
) -> Features:
    return Features(
        features_name(tenant.name),
        company_id=company.company_id,
        user_id=admin.user_id,
        opts=opts,
        granted=tenant.features,
        excluded=tenant.exclude_features,
        allowed_users=tenant.allowed_users,
        limits=company_limits(tenant),
        expected=expected_of_admin(layers_of(stack, tenant)),
    )
