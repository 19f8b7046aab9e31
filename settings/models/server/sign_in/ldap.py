"""Sign-in with the name and password of a directory (contract 3.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from settings.models.base import Settings
from settings.models.server.sign_in.parts import Certificates, NeverHere, Provider
from settings.types.addresses import IPV6_IN_URL, host_in_url
from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds
from settings.types.urls import without_login
from settings.types.vocabulary import Text, environment_word

_SERVER = re.compile(rf"(?:ldaps?://)?({IPV6_IN_URL}|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::([0-9]{{1,9}}))?")
_EXAMPLE = "ldap.example.com"
_FROM_THE_START = "ldaps://"


def _ldap_server(text: str) -> str:
    match = _SERVER.fullmatch(without_login(text))
    if not match or not host_in_url(match[1]):
        raise ValueError(f"{quoted(text)} is not a directory's address; write it like ldaps://ldap.example.com")
    if match[2] and not 0 < int(match[2]) < 65536:
        raise ValueError(
            f"{quoted(text)} has no valid port: it is a number from 1 to 65535; write it like ldaps://{_EXAMPLE}:636"
        )
    return text


def _search_filter(text: str) -> str:
    if not (text.startswith("(") and text.endswith(")") and "{0}" in text and text.count("(") == text.count(")")):
        raise ValueError(
            f"{quoted(text)} is no filter with {{0}} for the id that is typed; write it like "
            "(&(objectclass=user)(sAMAccountName={0}))"
        )
    return text


SearchFilter = Annotated[str, Holds("an LDAP filter with `{0}` for the id"), AfterValidator(_search_filter)]
Attribute = Annotated[str, Holds("a word in lower case"), environment_word("employee_number")]


class LdapTls(Settings):
    """By default the machine's own authorities are trusted."""

    authority: Certificates | None = Field(
        default=None,
        description="The certificates of the authority that signed the directory's, where it is a private one.",
        examples=['"-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"'],
    )
    validate_certificate: bool = Field(
        default=True, description="Whether the certificate is judged at all.", examples=["false"]
    )


class LdapGroups(Settings):
    """At each sign-in, people join the ClearML groups that are called like their groups in the directory.

    Those groups have to exist in ClearML. A group is called like the first CN of its name in the directory.
    """

    admins: Annotated[tuple[Text, ...], Field(strict=False, examples=["[ml-admins]"])] = Field(
        default=(), description="The directory's groups whose members become admins of their tenant."
    )
    case_sensitive: bool = Field(
        default=True, description="Whether capitals count where names are compared.", examples=["false"]
    )
    only_members: bool = Field(
        default=False,
        description="Whether only people may sign in who are in a group that ClearML has as well.",
        examples=["true"],
    )
    full_names: bool = Field(
        default=False,
        description="Whether ClearML's groups are called like the whole names in the directory.",
        examples=["true"],
    )


class Ldap(Provider):
    """The server looks people up with an account of its own, `bindDn`, and takes the password that they type."""

    server: Annotated[str, Holds("a directory's address"), AfterValidator(_ldap_server)] = Field(
        description="The directory's address.", examples=["ldaps://ldap.example.com"]
    )
    base_dn: Text = Field(description="Below what people are searched.", examples=["'ou=people,dc=example,dc=com'"])
    bind_dn: Text = Field(
        description="The account with which the server searches.", examples=["'cn=clearml,dc=example,dc=com'"]
    )
    password: NeverHere = Field(
        default=None, description="Never here; the account's password is the stack's `identityProviderSecrets.ldap`."
    )
    search_filter: SearchFilter | None = Field(
        default=None,
        description="What finds a person by the id that is typed; Active Directory needs one.",
        examples=["(&(objectclass=user)(sAMAccountName={0}))"],
    )
    use_tls: bool = Field(
        default=False,
        description="Whether a connection to an address without `ldaps://` changes to TLS.",
        examples=["true"],
    )
    tls: LdapTls = Field(
        default=LdapTls(),
        description="How the directory's certificate is judged.",
        examples=["{validateCertificate: false}"],
    )
    attributes: Mapping[Attribute, Text] = Field(
        default_factory=dict,
        description="The directory's attribute for `name`, `mail` and whatever else the server is to know.",
        examples=["{mail: userPrincipalName}"],
    )
    admin_users: Annotated[tuple[Text, ...], Field(strict=False, examples=["[jdoe]"])] = Field(
        default=(), description="The ids of people who are admins of their tenant."
    )

    groups: LdapGroups | None = Field(
        default=None,
        description="Whether people join groups by their groups in the directory; `{}` is enough; from server 3.28 on.",
        examples=["{admins: [ml-admins]}"],
    )

    @model_validator(mode="after")
    def _one_way_to_tls(self) -> Ldap:
        if self.use_tls and self.server.startswith(_FROM_THE_START):
            raise ValueError(
                "has server with ldaps://, which begins with TLS, and useTls: true, which changes to it (StartTLS), "
                "and no directory does both; remove useTls, or write the server with ldap://"
            )
        return self

    @property
    def is_encrypted(self) -> bool:
        """Whether passwords reach the directory by TLS."""
        return self.use_tls or self.server.startswith(_FROM_THE_START)
