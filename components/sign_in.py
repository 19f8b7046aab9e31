"""The resources that add a tenant's sign-in rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pulumi

from components.clearml.admin_user.resource import AdminUser
from components.clearml.sign_in.domains import Domains
from components.clearml.sign_in.removals import SignInRuleRemovals
from components.clearml.sign_in.whitelist import WhitelistEntries
from settings.models.tenant import Tenant
from settings.types.naming import sign_in_name


def sign_in_rules(
    tenant: Tenant, admin: AdminUser, removals: SignInRuleRemovals, opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Input[Sequence[str]]]:
    """`domains`, `admins` and `users` as they are in the end; one that the file leaves empty has no resource, so
    emptying it clears it.

    A rule that was another tenant's is taken from it before it is given to this one.
    """
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[removals]))
    rules: dict[str, pulumi.Input[Sequence[str]]] = {"domains": [], "admins": [], "users": []}
    if tenant.sign_in.domains:
        rules["domains"] = _domains(tenant, admin, removals, after).domains
    if tenant.sign_in.admins:
        rules["admins"] = _whitelist(tenant, "admin", admin, removals, after).emails
    if tenant.sign_in.users:
        rules["users"] = _whitelist(tenant, "user", admin, removals, after).emails
    return rules


def _domains(tenant: Tenant, admin: AdminUser, removals: SignInRuleRemovals, opts: pulumi.ResourceOptions) -> Domains:
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
    role: Literal["admin", "user"],
    admin: AdminUser,
    removals: SignInRuleRemovals,
    opts: pulumi.ResourceOptions,
) -> WhitelistEntries:
    emails = list(tenant.sign_in.admins if role == "admin" else tenant.sign_in.users)
    return WhitelistEntries(
        sign_in_name(tenant.name, f"{role}s"),
        user_id=admin.user_id,
        emails=emails,
        role=role,
        opts=opts,
        readded=removals.readded_rounds(tenant.admin.email, map(str.lower, emails)),
    )
