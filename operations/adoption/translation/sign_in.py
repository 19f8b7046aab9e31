"""Pure: identity providers of the whole server, where its variables say just what settings can (contract 3.2).

A provider that settings cannot say exactly keeps its variables as they are, and so does each variable that has no
setting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from operations.adoption.translation.environment import Environment
from settings.checks.sign_in.guides import NEEDED
from settings.checks.sign_in.provider_secrets import KEY
from settings.models.server.sign_in.providers import IdentityProviders
from settings.types.secrets.commands import value_path

_SSO = ("login", "sso")
_USERS = ("apiserver", "auth", "fixed_users")
_LDAP = ("apiserver", "auth", "fixed_user_providers", "ldap")
_LDAP_SECURE = ("secure", "fixed_user_providers", "ldap")
_OAUTH_TEXTS = {
    "base_url": "baseUrl",
    "authorize_url": "authorizeUrl",
    "access_token_url": "accessTokenUrl",
    "display_name": "displayName",
    "audience": "audience",
    "identity_provider": "identityProvider",
    "code_challenge_method": "codeChallengeMethod",
    "admin_role": "adminRole",
}
_CLAIMS = {
    "name": "name",
    "email": "email",
    "object_id": "objectId",
    "given_name": "givenName",
    "surname": "surname",
}
_INFO = "get_info_from_access_token"
_ONLY_MEMBERS = "prohibit_user_signup_if_not_in_group"
_Settings = dict[str, Any]
Say = Callable[[str, str, str], None]


def identity_providers(environment: Environment, say: Say) -> tuple[dict[str, _Settings], list[str]]:
    """Each provider by its id, and the keys of the secrets that they need. `say`: kind, key and text of a note."""
    found: dict[str, _Settings] = {}
    for name in _names(environment):
        tried = environment.copy()
        settings = _TRANSLATIONS[_kind(environment, name)](tried, name)
        key = f"server.identityProviders.{name}"
        if settings is None or not _is_sound(name, settings):
            text = "cannot be said exactly by settings; its variables stay in server.apiserver.extraEnvs: "
            say("lost", key, text + ", ".join(_variable_names(environment, name)))
            continue
        environment.accept(tried)
        found[name] = settings
        if left := _variable_names(environment, name):
            say("lost", key, f"has no setting for {', '.join(left)}, which stay in server.apiserver.extraEnvs")
    with_secret = IdentityProviders.model_validate(found).with_secret()
    return found, [value_path(KEY, name) for name in with_secret]


def _names(environment: Environment) -> list[str]:
    """The ids of those that settings know, in the order of their variables."""
    found = [
        name
        for part in ("secure", "services")
        for kind in ("oauth_client", "saml_client")
        for name in environment.below(part, *_SSO, kind)
    ]
    ldap = ["ldap"] if environment.below(*_LDAP) or environment.below(*_LDAP_SECURE) else []
    return [each for each in dict.fromkeys([*found, *ldap]) if each in IdentityProviders.model_fields]


def _kind(environment: Environment, name: str) -> str:
    if name == "ldap":
        return "ldap"
    return "saml" if environment.below("secure", *_SSO, "saml_client", name) else "oauth"


def _is_sound(name: str, settings: _Settings) -> bool:
    """As `make check` judges it: what it would take out again stays in variables."""
    try:
        IdentityProviders.model_validate({name: settings})
    except ValidationError:
        return False
    return all(settings.get(each) for each in NEEDED.get(name, ()))


def _variable_names(environment: Environment, name: str) -> list[str]:
    prefixes = [_LDAP, _LDAP_SECURE] if name == "ldap" else []
    prefixes += [(part, *_SSO, f"{kind}_client", name) for part in ("secure", "services") for kind in ("oauth", "saml")]
    return [variable for prefix in prefixes for variable in environment.names(*prefix)]


def _oauth(variables: Environment, name: str) -> _Settings | None:
    secure, services = (("secure", *_SSO, "oauth_client", name), ("services", *_SSO, "oauth_client", name))
    client, secret = variables.take(*secure, "client_id"), variables.take(*secure, "client_secret")
    if not (client and secret):
        return None
    said = {key: variables.take(*services, each) for each, key in _OAUTH_TEXTS.items()}
    if said["codeChallengeMethod"] and not variables.take_flag(*services, "code_challenge", on=True):
        return None
    settings = {
        "clientId": client,
        "defaultCompany": variables.take(*secure, "default_company"),
        **said,
        "debug": variables.take_flag(*services, "debug", on=True) or None,
        "idpLogout": variables.take_flag(*services, "idp_logout", on=True) or None,
        "infoFromAccessToken": False if variables.take_flag(*services, _INFO, on=False) else None,
        **_person(variables, services),
    }
    return _without_nothing(settings)


def _saml(variables: Environment, name: str) -> _Settings | None:
    secure, services = (("secure", *_SSO, "saml_client", name), ("services", *_SSO, "saml_client", name))
    settings = {
        "entityId": variables.take(*secure, "entity_id"),
        "metadataFile": variables.take(*secure, "idp_metadata_file"),
        "defaultCompany": variables.take(*secure, "default_company"),
        **_person(variables, services),
    }
    return _without_nothing(settings) if settings["entityId"] and settings["metadataFile"] else None


def _ldap(variables: Environment, _: str) -> _Settings | None:
    enabled = variables.take_flag(*_USERS, "enabled", on=True)
    password = variables.take(*_LDAP_SECURE, "password")
    if not (enabled and variables.take(*_USERS, "provider") == "ldap" and password):
        return None
    attributes = {each: variables.take(*_LDAP, "attributes", each) for each in variables.below(*_LDAP, "attributes")}
    judged = not variables.take_flag(*_LDAP, "tls", "validate_cert", on=False)
    return _without_nothing(
        {
            "server": variables.take(*_LDAP, "server"),
            "baseDn": variables.take(*_LDAP, "base_dn"),
            "bindDn": variables.take(*_LDAP_SECURE, "dn"),
            "defaultCompany": variables.take(*_LDAP, "default_company"),
            "searchFilter": variables.take(*_LDAP, "search_filter"),
            "useTls": variables.take_flag(*_LDAP, "use_tls", on=True) or None,
            "tls": None if judged else {"validateCertificate": False},
            "attributes": _without_nothing(attributes) or None,
            "adminUsers": variables.take(*_LDAP, "admin_users", kind=list),
            "groups": _groups_of_directory(variables),
        }
    )


def _groups_of_directory(variables: Environment) -> _Settings | None:
    """Two of these stand beside `groups` in the server's settings."""
    if not variables.take_flag(*_LDAP, "groups", "enabled", on=True):
        return None
    only_members = variables.take_flag(*_LDAP, "groups", "prohibit_user_login_if_not_in_group", on=True)
    whole = variables.take(*_LDAP, "group_name_parsing") if _parses_no_names(variables) else None
    return _without_nothing(
        {
            "admins": variables.take(*_LDAP, "groups", "admins", kind=list),
            "onlyMembers": only_members or None,
            "caseSensitive": False if variables.take_flag(*_LDAP, "case_sensitive", on=False) else None,
            "fullNames": True if whole else None,
        }
    )


def _parses_no_names(variables: Environment) -> bool:
    """Of its values, the guide names this one alone."""
    return bool(variables.copy().take(*_LDAP, "group_name_parsing") == "none")


_TRANSLATIONS = {"oauth": _oauth, "saml": _saml, "ldap": _ldap}


def _person(variables: Environment, services: tuple[str, ...]) -> _Settings:
    """Claims and groups."""
    claims = _without_nothing({key: variables.take(*services, "claims", each) for each, key in _CLAIMS.items()})
    groups = None
    if variables.take_flag(*services, "groups", "enabled", on=True):
        groups = _without_nothing(
            {
                "claim": variables.take(*services, "groups", "claim"),
                "admins": variables.take(*services, "groups", "admins", kind=list),
                "caseSensitive": False
                if variables.take_flag(*services, "groups", "case_sensitive", on=False)
                else None,
                "onlyMembers": variables.take_flag(*services, "groups", _ONLY_MEMBERS, on=True) or None,
            }
        )
    return {**({"claims": claims} if claims else {}), **({"groups": groups} if groups is not None else {})}


def _without_nothing(settings: Mapping[str, Any]) -> _Settings:
    return {key: value for key, value in settings.items() if value is not None}
