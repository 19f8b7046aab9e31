"""One tenant, whole.

Responsible for: company, internal admin, features, identity provider, a pair of credentials per use, sign-in rules,
namespace with all that sets it apart, agents, gateway.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pulumi
from pulumi_kubernetes.core.v1 import Namespace

from components.agent import AgentComponent
from components.clearml.admin_user.resource import AdminUser
from components.clearml.company.resource import Company
from components.clearml.credentials.resource import Credentials
from components.clearml.features import Features
from components.clearml.rules.departures import Departures
from components.clearml.rules.domains import Domains
from components.clearml.rules.whitelist import WhitelistEntries
from components.clearml.run.intent import Intent
from components.clearml.sso.resource import Sso
from components.gateway import GatewayComponent
from components.isolation import IsolationComponent
from components.namespace import namespace, tenant_labels
from components.platform import Platform
from components.pull_secret import pull_secret
from components.release import summary
from components.sso import login_url, provider_configuration
from components.surplus_keys import revoke_surplus
from settings.features.effective import expected_of_admin, layers_of
from settings.models.isolation import pod_security
from settings.models.sso import Sso as SsoSettings
from settings.models.tenant import Tenant
from settings.models.workers import Agent, Gateway


class TenantComponent(pulumi.ComponentResource):
    """What one tenant's file asks for, on `platform`."""

    def __init__(
        self,
        tenant: Tenant,
        platform: Platform,
        departures: Departures,
        intent: Intent,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clearml:tenant:Tenant", tenant.name, None, opts)
        self._tenant = tenant
        self._platform = platform
        self._departures = departures
        self._intent = intent
        self.company = self._company()
        self.admin = self._admin()
        self.features = self._features()
        self.sso = self._sso(tenant.sso) if tenant.sso else None
        self.credentials = self._credentials()
        self.sign_in = self._sign_in()
        self.namespace = self._namespace()
        self.isolation = self._isolation()
        self.pull_secret = self._pull_secret()
        self.workers = self._workers()
        self._revoke_surplus()
        self.outputs = self._outputs()
        self.register_outputs(self.outputs)

    @property
    def _key_labels(self) -> str:
        """How the labels of the tenant's keys begin."""
        return f"{pulumi.get_stack()}/{self._tenant.name}/"

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _company(self) -> Company:
        tenant = self._tenant
        opts = pulumi.ResourceOptions(parent=self, depends_on=[self._platform.server], protect=tenant.protect)
        return Company(
            tenant.name,
            name=tenant.company,
            admin_email=tenant.admin.email,
            opts=opts,
            adopt=tenant.adopt,
            known_id=tenant.company_id,
            on_remove=tenant.on_remove,
            defaults=self._defaults(),
            intent=self._intent,
        )

    def _admin(self) -> AdminUser:
        admin = self._tenant.admin
        return AdminUser(
            f"{self._tenant.name}-admin",
            company_id=self.company.company_id,
            name=admin.name,
            email=admin.email,
            opts=self._child(),
            key_labels=self._key_labels,
        )

    def _defaults(self) -> dict[str, Any]:
        """What is declared of features and users; a list that is not declared is unset, which is not empty."""
        tenant = self._tenant
        declared = {
            "features": list(tenant.features),
            "exclude_features": list(tenant.exclude_features),
            "allowed_users": tenant.allowed_users,
        }
        return {name: value for name, value in declared.items() if value}

    def _features(self) -> Features:
        tenant = self._tenant
        return Features(
            f"{tenant.name}-features",
            company_id=self.company.company_id,
            user_id=self.admin.user_id,
            opts=self._child(),
            granted=tenant.features,
            excluded=tenant.exclude_features,
            allowed_users=tenant.allowed_users,
            expected=expected_of_admin(layers_of(self._platform.stack, tenant)),
        )

    def _sso(self, sso: SsoSettings) -> Sso:
        tenant = self._tenant
        return Sso(
            # Not by the file's name: a renamed file's old resource would be deleted last, and with it the new one's.
            tenant.admin.email.lower(),
            company_id=self.company.company_id,
            tenant=sso.external_tenant,
            client_secret=self._platform.secrets.sso_client_secrets[tenant.name],
            configuration=provider_configuration(sso, tenant.company),
            provider=sso.provider,
            group_mapping=sso.group_mapping,
            admin_groups=sso.admin_groups,
            opts=self._child(),
        )

    def _login(self) -> dict[str, pulumi.Output[str]]:
        """The tenant's own login link, if it does not sign in as everybody does."""
        app_url = self._platform.stack.url_of(self._platform.stack.app_host)
        return {"loginUrl": self.sso.tenant.apply(lambda tenant: login_url(app_url, tenant))} if self.sso else {}

    def _credentials(self) -> dict[str, Credentials]:
        """One pair per use, so that each can be revoked without the other: `agent`, `agent-<name>`, `gateway`."""
        uses: dict[str, Agent | Gateway] = {**self._tenant.all_agents}
        if self._tenant.gateway:
            uses["gateway"] = self._tenant.gateway
        return {use: self._key(use, settings.key_generation) for use, settings in uses.items()}

    def _key(self, use: str, generation: int) -> Credentials:
        """A later generation is another resource: made, rolled out, and only then is the earlier one revoked."""
        name = self._tenant.name
        label = f"{self._key_labels}{use}/{generation}"
        return Credentials(f"{name}-{use}-{generation}", user_id=self.admin.user_id, label=label, opts=self._child())

    def _after_departures(self) -> pulumi.ResourceOptions:
        """A rule that was another tenant's is taken from it before it is given to this one."""
        return pulumi.ResourceOptions(parent=self, depends_on=[self._departures])

    def _sign_in(self) -> dict[str, pulumi.Input[Sequence[str]]]:
        """The rules by kind; a list that the file leaves empty has no resource, so emptying one clears it."""
        name, rules, user = self._tenant.name, self._tenant.sign_in, self.admin.user_id
        made: dict[str, pulumi.Input[Sequence[str]]] = {"domains": [], "admins": [], "users": []}
        if rules.domains:
            domains = list(rules.domains)
            again = self._returned(domains)
            opts = self._after_departures()
            made["domains"] = Domains(f"{name}-domains", user, domains, opts, returned=again).domains
        if rules.admins:
            made["admins"] = self._whitelist("admins", rules.admins, "admin").emails
        if rules.users:
            made["users"] = self._whitelist("users", rules.users, "user").emails
        return made

    def _whitelist(self, what: str, emails: Sequence[str], role: Literal["admin", "user"]) -> WhitelistEntries:
        return WhitelistEntries(
            f"{self._tenant.name}-{what}",
            user_id=self.admin.user_id,
            emails=list(emails),
            role=role,
            opts=self._after_departures(),
            returned=self._returned(emails),
        )

    def _returned(self, declared: Sequence[str]) -> pulumi.Output[dict[str, int] | None]:
        return self._departures.returned(self._tenant.admin.email, declared)

    def _namespace(self) -> Namespace:
        level = pod_security(self._platform.stack.isolation, self._tenant.isolation)
        return namespace(self._tenant.namespace, self._child(), tenant_labels(self._tenant.name, level))

    def _isolation(self) -> IsolationComponent:
        return IsolationComponent(self._tenant, self._platform.stack, self.namespace.metadata["name"], self._child())

    def _pull_secret(self) -> pulumi.Input[str] | None:
        where = self.isolation.ready
        return pull_secret(self._tenant.namespace, where, self._platform.secrets.image_token, self._child())

    def _workers(self) -> dict[str, AgentComponent | GatewayComponent]:
        tenant, stack, where = self._tenant, self._platform.stack, self.isolation.ready
        workers: dict[str, AgentComponent | GatewayComponent] = {}
        for use, agent in tenant.all_agents.items():
            workers[use] = AgentComponent(
                tenant.release_of(use),
                agent=agent,
                chart=stack.charts.agent.at(tenant.charts.agent),
                access=self._platform.chart_access,
                stack=stack,
                namespace=where,
                credentials=self.credentials[use],
                runs_applications=use == tenant.apps_agent,
                pull_secret=self.pull_secret,
                opts=self._child(),
            )
        if tenant.gateway:
            workers["gateway"] = GatewayComponent(
                tenant.release_of("gateway"),
                gateway=tenant.gateway,
                chart=stack.charts.gateway.at(tenant.charts.gateway),
                access=self._platform.chart_access,
                stack=stack,
                namespace=where,
                credentials=self.credentials["gateway"],
                pull_secret=self.pull_secret,
                opts=self._child(),
            )
        return workers

    def _revoke_surplus(self) -> None:
        releases = [worker.release for worker in self.workers.values()]
        for use, credentials in self.credentials.items():
            revoke_surplus(f"{self._tenant.name}-{use}-surplus", credentials, releases, self._child())

    def _outputs(self) -> dict[str, Any]:
        """What is told of the tenant: ids and access keys, no secret, and nothing that changes by itself (ADR 5)."""
        return {
            "company": self.company.name,
            "companyId": self.company.company_id,
            "adminId": self.admin.user_id,
            "adminEmail": self.admin.email,
            "namespace": self.namespace.metadata["name"],
            "cluster": str(self._platform.stack.place_of(self._tenant.workers)),
            "features": self.features.features,
            "credentials": {
                use: {"accessKey": keys.access_key, "label": keys.label, "created": keys.created}
                for use, keys in self.credentials.items()
            },
            "signIn": self.sign_in,
            **self._login(),
            **({"gateway": gateway.url} if (gateway := self._tenant.gateway) else {}),
            "releases": {use: summary(worker.release) for use, worker in self.workers.items()},
        }
