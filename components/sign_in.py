"""The resources that add a tenant's sign-in rules."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.clearml.admin_user.resource import AdminUser
from components.clearml.sign_in.domains import Domains
from components.clearml.sign_in.removals import SignInRuleRemovals
from components.clearml.sign_in.whitelist import WhitelistEntries
from components.shards.platform_run import PlatformRun
from settings.models.tenant import Tenant
from settings.types.naming import sign_in_name

Removals = SignInRuleRemovals | PlatformRun
"""What takes rules away in this stack, or did so in the platform's before a shard's runs."""


def sign_in_rules(
    tenant: Tenant, admin: AdminUser, removals: Removals, opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Input[Sequence[str]]]:
    """`domains`, `admins` and `users` as they are in the end, and `consumers` if there are any.

    One that the file leaves empty has no resource, so emptying it clears it.

    A rule that was another tenant's is taken from it before it is given to this one.
    """
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[removals]))
    rules: dict[str, pulumi.Input[Sequence[str]]] = {"domains": [], "admins": [], "users": []}
    if tenant.sign_in.domains:
        rules["domains"] = _domains(tenant, admin, removals, after).domains
    for key, role, emails in tenant.sign_in.by_role():
        if emails:
            rules[key] = _whitelist(tenant, role, admin, removals, after).emails
    return rules


def _domains(tenant: Tenant, admin: AdminUser, removals: Removals, opts: pulumi.ResourceOptions) -> Domains:
    domains = list(tenant.sign_in.domains)
    return Domains(
        sign_in_name(tenant.name, "domains"),
        user_id=admin.user_id,
        domains=domains,
        opts=opts,
        readded=removals.readded_rounds(tenant.admin.email, domains),
    )


def _whitelist(
    tenant: Tenant,
    role: str,
    admin: AdminUser,
    removals: Removals,
    opts: pulumi.ResourceOptions,
) -> WhitelistEntries:
    emails = {its_role: list(each) for _, its_role, each in tenant.sign_in.by_role()}[role]
    return WhitelistEntries(
        sign_in_name(tenant.name, f"{role}s"),
        user_id=admin.user_id,
        emails=emails,
        role=role,
        opts=opts,
        readded=removals.readded_rounds(tenant.admin.email, map(str.lower, emails)),
    )
