"""From a tenant's `sso:` block to what the API takes, and the link its people sign in at. Pure."""

from __future__ import annotations

from settings.models.sso import Sso


def provider_configuration(sso: Sso, company: str) -> dict[str, str | bool]:
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


def login_url(app_url: str, external_tenant: str) -> str:
    """Where the tenant's people sign in; the server knows the way on from there."""
    return f"{app_url}/login/{external_tenant}"
