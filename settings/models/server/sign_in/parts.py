"""What every identity provider of the server has, and what is said of a secret that is written beside it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from settings.models.base import Settings
from settings.models.encryption import NO_VALUE, NOTHING, set_elsewhere
from settings.types.texts import Holds
from settings.types.vocabulary import CompanyId, Text

NeverHere = Annotated[None, NOTHING, set_elsewhere("identityProviderSecrets"), NO_VALUE]
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def _certificates(text: str) -> str:
    """PEM, of which no line is lost: a text pasted into YAML loses its last one easily."""
    if "PRIVATE KEY" in text:
        raise ValueError(
            "holds a private key (not shown), which belongs in no file and no other server; write the authority's "
            "certificates alone, and have another key made"
        )
    if _BEGIN not in text:
        raise ValueError(f"holds no certificate; write the authority's in PEM form, from {_BEGIN} to {_END}")
    lines = [line.strip() for line in text.splitlines() if line.strip() in (_BEGIN, _END)]
    if lines != [_BEGIN, _END] * (len(lines) // 2) or not lines:
        raise ValueError(f"has a certificate without its last or its first line; write each from {_BEGIN} to {_END}")
    return text


Certificates = Annotated[str, Holds("certificates in PEM form"), AfterValidator(_certificates)]


class Provider(Settings):
    """A way to sign in that the whole server offers."""

    default_company: CompanyId | None = Field(
        default=None,
        description=(
            "The company of whoever signs in and is in no tenant's rules; leave it out, or anybody gets past the rules."
        ),
        examples=["d1bd92a3b039400cbafc60a7a5b1e52b"],
    )


class Claims(Settings):
    """Names of what the provider's tokens or answers hold; one that is left out is what the server expects."""

    name: Text | None = Field(
        default=None, description="What holds the person's name.", examples=["preferred_username"]
    )
    email: Text | None = Field(default=None, description="What holds the person's address.", examples=["emailAddress"])
    object_id: Text | None = Field(
        default=None,
        description="What holds the person's id at the provider.",
        examples=["http://schemas.microsoft.com/identity/claims/objectidentifier"],
    )
    given_name: Text | None = Field(
        default=None, description="What holds the person's given name.", examples=["givenName"]
    )
    surname: Text | None = Field(default=None, description="What holds the person's surname.", examples=["surname"])


class GroupSync(Settings):
    """At each sign-in, people join the ClearML groups that are called like their groups at the provider.

    Those groups have to exist in ClearML; no variable maps one name to another.
    """

    claim: Text | None = Field(
        default=None, description="What the provider calls the groups; `groups` if left out.", examples=["ad_groups"]
    )
    admins: Annotated[tuple[Text, ...], Field(strict=False, examples=["[platform-admins]"])] = Field(
        default=(), description="The provider's groups whose members become admins of their tenant."
    )
    case_sensitive: bool = Field(
        default=True, description="Whether capitals count where names are compared.", examples=["false"]
    )
    only_members: bool = Field(
        default=False,
        description="Whether only people may sign up who are in a group that ClearML has as well.",
        examples=["true"],
    )


class GroupedProvider(Provider):
    """One that says more of a person than who it is."""

    claims: Claims = Field(
        default=Claims(),
        description="What the provider calls what it says of a person, where it is not what the server expects.",
        examples=["{name: preferred_username}"],
    )
    groups: GroupSync | None = Field(
        default=None,
        description="Whether people join groups by their groups at the provider; `{}` is enough.",
        examples=["{claim: groups, admins: [platform-admins]}"],
    )
