"""Secrets of a namespace: what they are called and hold. Their values stand encrypted in the stack's file alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from settings.models.base import Settings
from settings.models.charts import RegistryHost, Username
from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds, matching
from settings.types.vocabulary import Text

_NAME = r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
_KEY = re.compile(r"[A-Za-z0-9._-]{1,253}")
# The one value of a registry's login.
PASSWORD = "password"  # noqa: S105 - the value's name
EVERYBODY = "*"


def _secret_key(text: str) -> str:
    if not _KEY.fullmatch(text) or text in (".", "..") or text.startswith("..data"):
        raise ValueError(f"{quoted(text)} is not a key of a Secret; write it like token or ca.pem")
    return text


SecretName = Annotated[
    str, Holds("a Secret's name"), matching(_NAME, "is not the name of a Secret; write it like git-login")
]
SecretKey = Annotated[str, Holds("a key of a Secret"), AfterValidator(_secret_key)]


class DeclaredSecret(Settings):
    """A Secret that is made before the pods of its namespace; pods name it with `valueFrom` or mount it.

    One of type `dockerconfigjson` is the login at a registry, and every pod of the namespace pulls its images with it.
    """

    type: Literal["Opaque", "dockerconfigjson"] = Field(default="Opaque", description="What kind of Secret it is.")
    keys: Annotated[tuple[SecretKey, ...], Field(strict=False, examples=["[token]"])] = Field(
        default=(), description="What it holds, by the keys under which pods find it; of type `Opaque`."
    )
    registry: RegistryHost | None = Field(
        default=None,
        description="The registry that the login is for; of type `dockerconfigjson`.",
        examples=["registry.example.com"],
    )
    username: Username | None = Field(
        default=None,
        description="Who signs in at the registry; the password is the Secret's value `password`.",
        examples=["robot"],
    )

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> DeclaredSecret:
        login = (self.registry, self.username)
        if self.is_login and (self.keys or None in login):
            raise ValueError("needs registry and username and no keys; write it like registry: …, username: robot")
        if not self.is_login and (not self.keys or login != (None, None)):
            raise ValueError("needs keys and no registry or username; write it like keys: [token]")
        return self

    @property
    def is_login(self) -> bool:
        """Whether it is a login at a registry."""
        return self.type == "dockerconfigjson"

    @property
    def held(self) -> tuple[str, ...]:
        """The keys whose values stand encrypted in the stack's file."""
        return (PASSWORD,) if self.is_login else self.keys


class StackSecret(DeclaredSecret):
    """A Secret in the server's namespace, and in those of the tenants that it is granted to."""

    tenants: Annotated[tuple[Text, ...], Field(strict=False, examples=["[acme]"])] = Field(
        default=(), description="The tenants whose namespaces have it too, by their files; `'*'` is every tenant."
    )

    def is_granted_to(self, tenant: str) -> bool:
        """Whether the tenant's namespace has it."""
        return tenant in self.tenants or EVERYBODY in self.tenants


def granted(secrets: Mapping[str, StackSecret], tenant: str) -> dict[str, DeclaredSecret]:
    """The stack's Secrets that the tenant's namespace has."""
    return {name: secret for name, secret in secrets.items() if secret.is_granted_to(tenant)}
