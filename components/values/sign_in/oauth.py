"""The variables of a provider that speaks OAuth, and those that it shares with SAML."""

from __future__ import annotations

from collections.abc import Iterator

from components.values.environment import EnvironmentVariable, from_secret, variable
from components.values.hocon import flag, quoted, texts
from settings.models.server.sign_in.oauth import OAuth
from settings.models.server.sign_in.parts import GroupedProvider
from settings.types.naming import IDENTITY_PROVIDERS_SECRET


def oauth_environment(name: str, provider: OAuth) -> Iterator[EnvironmentVariable]:
    """All that the provider called `name` says; what it leaves out is the server's default."""
    secure, services = (f"CLEARML__{part}__login__sso__oauth_client__{name}" for part in ("secure", "services"))
    yield variable(f"{secure}__client_id", quoted(provider.client_id))
    yield from_secret(f"{secure}__client_secret", IDENTITY_PROVIDERS_SECRET, name)
    yield from default_company(secure, provider.default_company)
    said = {
        "base_url": provider.base_url,
        "authorize_url": provider.authorize_url,
        "access_token_url": provider.access_token_url,
        "audience": provider.audience,
        "identity_provider": provider.identity_provider,
        "display_name": provider.display_name,
        "admin_role": provider.admin_role,
        "code_challenge_method": provider.code_challenge_method,
    }
    yield from (variable(f"{services}__{key}", quoted(text)) for key, text in said.items() if text is not None)
    if provider.code_challenge_method:
        yield variable(f"{services}__code_challenge", flag(True))
    if provider.debug:
        yield variable(f"{services}__debug", flag(True))
    if provider.idp_logout:
        yield variable(f"{services}__idp_logout", flag(True))
    if not provider.info_from_access_token:
        yield variable(f"{services}__get_info_from_access_token", flag(False))
    yield from person_environment(services, provider)


def default_company(secure: str, company: str | None) -> Iterator[EnvironmentVariable]:
    if company:
        yield variable(f"{secure}__default_company", quoted(company))


def person_environment(services: str, provider: GroupedProvider) -> Iterator[EnvironmentVariable]:
    """What the provider says of a person: claims and groups."""
    for claim in type(provider.claims).model_fields:
        if text := getattr(provider.claims, claim):
            yield variable(f"{services}__claims__{claim}", quoted(text))
    groups = provider.groups
    if groups is None:
        return
    yield variable(f"{services}__groups__enabled", flag(True))
    if groups.claim:
        yield variable(f"{services}__groups__claim", quoted(groups.claim))
    if groups.admins:
        yield variable(f"{services}__groups__admins", texts(groups.admins))
    if not groups.case_sensitive:
        yield variable(f"{services}__groups__case_sensitive", flag(False))
    if groups.only_members:
        yield variable(f"{services}__groups__prohibit_user_signup_if_not_in_group", flag(True))
