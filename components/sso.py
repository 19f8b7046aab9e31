"""A tenant's own identity provider: from its `sso:` block to what the API takes, and the link its people sign in at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.clearml.company.resource import Company
from components.clearml.sso.resource import Sso
from settings.models.sso import Sso as SsoSettings
from settings.models.tenant import Tenant


def tenant_sso(
    tenant: Tenant, company: Company, client_secrets: Mapping[str, pulumi.Input[str]], opts: pulumi.ResourceOptions
) -> Sso | None:
    """None where the tenant signs in as everybody does; `client_secrets` by the tenant's name."""
    sso = tenant.sso
    if sso is None:
        return None
    return Sso(
        # Not by the file's name: a renamed file's old resource would be deleted last, and with it the new one's.
        tenant.admin.email.lower(),
        company_id=company.company_id,
        tenant=sso.external_tenant,
        client_secret=client_secrets[tenant.name],
        configuration=provider_configuration(sso, tenant.company),
        provider=sso.provider,
        group_mapping={group: clearml_groups(names) for group, names in sso.group_mapping.items()},
        admin_groups=sso.admin_groups,
        opts=opts,
    )


def clearml_groups(names: Sequence[str]) -> str | list[str]:
    """As the API takes it, and states keep it: one name as a text. ASSUMPTION (contract 6.1): several are a list."""
    return names[0] if len(names) == 1 else sorted(set(names))


def provider_configuration(sso: SsoSettings, company: str) -> dict[str, str | bool]:
    """`configuration` of `sso.save_provider_configuration` (contract 6.1), without its id and its client secret."""
    found: dict[str, str | bool | None] = {
        "display_name": sso.display_name or company,
        "client_id": sso.client_id,
        "authorization_endpoint": sso.endpoints.authorization,
        "token_endpoint": sso.endpoints.token,
        "revocation_endpoint": sso.endpoints.revocation,
        "end_session_endpoint": sso.endpoints.end_session,
        "logout_from_provider": sso.endpoints.end_session is not None,
        "claim_tenant": sso.claims.tenant,
        "claim_name": sso.claims.name,
        "claim_groups": sso.claims.groups,
        "group_enabled": sso.claims.groups is not None,
        "group_prohibit_user_login_if_not_in_group": sso.claims.groups is not None and sso.only_group_members,
    }
    return {name: value for name, value in found.items() if value is not None}


def login_url(app_url: str, sso: Sso) -> pulumi.Output[str]:
    """Where the tenant's people sign in; the server knows the way on from there."""
    return sso.tenant.apply(lambda external_tenant: f"{app_url}/login/{external_tenant}")
