"""The variables of a directory: the server takes it for a provider of fixed users."""

from __future__ import annotations

from collections.abc import Iterator

from components.values.environment import EnvironmentVariable, from_secret, variable
from components.values.hocon import flag, quoted, texts
from components.values.sign_in.files import AUTHORITY, path_of
from components.values.sign_in.oauth import default_company
from settings.models.server.sign_in.ldap import Ldap, LdapGroups
from settings.types.naming import IDENTITY_PROVIDERS_SECRET

_USERS = "CLEARML__apiserver__auth__fixed_users"
_LDAP = "CLEARML__apiserver__auth__fixed_user_providers__ldap"
_SECURE = "CLEARML__secure__fixed_user_providers__ldap"


def ldap_environment(ldap: Ldap) -> Iterator[EnvironmentVariable]:
    """All that the directory's settings say; what they leave out is the server's default."""
    yield variable(f"{_USERS}__enabled", flag(True))
    yield variable(f"{_USERS}__provider", quoted("ldap"))
    yield variable(f"{_LDAP}__server", quoted(ldap.server))
    yield variable(f"{_LDAP}__base_dn", quoted(ldap.base_dn))
    yield variable(f"{_SECURE}__dn", quoted(ldap.bind_dn))
    yield from_secret(f"{_SECURE}__password", IDENTITY_PROVIDERS_SECRET, "ldap")
    yield from default_company(_LDAP, ldap.default_company)
    if ldap.search_filter:
        yield variable(f"{_LDAP}__search_filter", quoted(ldap.search_filter))
    if ldap.use_tls:
        yield variable(f"{_LDAP}__use_tls", flag(True))
    if ldap.tls.authority:
        yield variable(f"{_LDAP}__tls__ca_certs", quoted(path_of(AUTHORITY)))
    if not ldap.tls.validate_certificate:
        yield variable(f"{_LDAP}__tls__validate_cert", flag(False))
    for name, attribute in ldap.attributes.items():
        yield variable(f"{_LDAP}__attributes__{name}", quoted(attribute))
    if ldap.admin_users:
        yield variable(f"{_LDAP}__admin_users", texts(ldap.admin_users))
    if ldap.groups:
        yield from _groups(ldap.groups)


def _groups(groups: LdapGroups) -> Iterator[EnvironmentVariable]:
    """Two of these stand beside `groups` in the server's settings (contract 3.2)."""
    yield variable(f"{_LDAP}__groups__enabled", flag(True))
    if groups.admins:
        yield variable(f"{_LDAP}__groups__admins", texts(groups.admins))
    if groups.only_members:
        yield variable(f"{_LDAP}__groups__prohibit_user_login_if_not_in_group", flag(True))
    if not groups.case_sensitive:
        yield variable(f"{_LDAP}__case_sensitive", flag(False))
    if groups.full_names:
        yield variable(f"{_LDAP}__group_name_parsing", quoted("none"))
