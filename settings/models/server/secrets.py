"""Secrets of the Server release beside its own key: all optional, each set with `pulumi config set --secret KEY`.

`apiserverKey` and `apiserverSecret` are none of these: the program itself signs in with that pair, which its dynamic
resources read from the stack's configuration, so it is given and never generated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import Field
from pydantic.alias_generators import to_camel

from settings.models.base import Settings
from settings.models.encryption import Encrypted
from settings.types.plain import is_plain
from settings.types.vocabulary import Text

if TYPE_CHECKING:
    # It takes longer to import than all files of a stack take to read, and who reads those needs nothing of it.
    import pulumi


class InternalKeys(Settings):
    """What the server's parts use among themselves; what is not given is generated once and kept."""

    fileserver_key: Encrypted = Field(
        default=None, description="The key of the server's file store; made once and kept if left out."
    )
    fileserver_secret: Encrypted = Field(
        default=None, description="The secret beside `fileserverKey`; made once and kept if left out."
    )
    secure_auth_token_secret: Encrypted = Field(
        default=None, description="What the server signs people's tokens with; made once and kept if left out."
    )
    test_user_key: Encrypted = Field(
        default=None, description="The key of the server's user for tests; made once and kept if left out."
    )
    test_user_secret: Encrypted = Field(
        default=None, description="The secret beside `testUserKey`; made once and kept if left out."
    )


# The server's parser takes a generated key without quotes where it starts with a letter (contract 3.1).
GENERATED_PREFIX = "k"
INTERNAL_KEYS = tuple(map(to_camel, InternalKeys.model_fields))


class ExternalServices(Settings):
    """Where databases are that are not the chart's own; a string may hold a password, so all are secrets."""

    elasticsearch_connection_string: Encrypted = Field(
        default=None, description="Where Elasticsearch is, if it is not the chart's own."
    )
    mongodb_connection_string_auth: Encrypted = Field(
        default=None, description="Where MongoDB's database of users is, if it is not the chart's own."
    )
    mongodb_connection_string_backend: Encrypted = Field(
        default=None, description="Where MongoDB's database of all else is, if it is not the chart's own."
    )


class DatabaseCredentials(Settings):
    """Values of `mongodb.auth`, `redis.auth` and `elasticsearch.secret`, each a JSON object as the chart takes it."""

    mongodb_auth: Encrypted = Field(default=None, description="The chart's value `mongodb.auth`, as a JSON object.")
    redis_auth: Encrypted = Field(default=None, description="The chart's value `redis.auth`, as a JSON object.")
    elasticsearch_secret: Encrypted = Field(
        default=None, description="The chart's value `elasticsearch.secret`, as a JSON object."
    )


class Metering(Settings):
    """What the metering service is told and nobody else may read."""

    usage_aggregator_configuration: Encrypted = Field(
        default=None,
        description="The text `server.usageAggregator.configuration`, in its place where it holds a secret.",
    )
    usage_mongodb_connection_string: Encrypted = Field(
        default=None, description="Where the metering service keeps its data, if not in the chart's own MongoDB."
    )


class SignInSecrets(Settings):
    """What identity providers of the whole server know ClearML by."""

    identity_provider_secrets: Mapping[Text, Encrypted] = Field(
        default_factory=dict,
        description="The client secret of each provider of `server.identityProviders`, and the password for `ldap`.",
        examples=["{okta: {secure: …}}"],
    )


class ServerSecretKeys(InternalKeys, ExternalServices, DatabaseCredentials, Metering, SignInSecrets):
    """The keys of all of them in `config/Pulumi.<stack>.yaml`."""


_TEXTS = (InternalKeys, ExternalServices, Metering)


@dataclass(frozen=True)
class ServerSecrets:
    """Those that the stack sets, by key; each an Output that the engine keeps encrypted."""

    internal: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    external: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    databases: Mapping[str, pulumi.Input[Any]] = field(default_factory=dict)
    metering: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)

    @classmethod
    def by_kind(cls, given: Mapping[str, pulumi.Input[Any]]) -> ServerSecrets:
        """Those among `given`, by key."""
        kinds = (InternalKeys, ExternalServices, DatabaseCredentials, Metering)
        return cls(*({key: given[key] for key in _keys(kind) if key in given} for kind in kinds))

    @classmethod
    def read(cls, config: pulumi.Config) -> ServerSecrets:
        """The running stack's; look for `server_faults` first."""
        texts = {key: config.get_secret(key) for kind in _TEXTS for key in _keys(kind)}
        objects = {key: config.get_secret_object(key) for key in _keys(DatabaseCredentials)}
        return cls.by_kind({key: secret for key, secret in {**texts, **objects}.items() if secret is not None})


def server_faults(config: pulumi.Config) -> Iterator[tuple[str, str]]:
    """Key and what is wrong of each that the server would misread; no value is shown."""
    for key in _given(config, InternalKeys):
        if not is_plain(config.require(key)):
            yield key, _NOT_PLAIN
    for key in _given(config, ExternalServices):
        if not config.require(key) or not config.require(key).isprintable():
            yield key, "its value (not shown) is empty, or holds a control character"
    for key in _given(config, Metering):
        # A file has a line's end, and its text may have several.
        if not config.require(key).strip() or not config.require(key).replace("\n", "").replace("\t", "").isprintable():
            yield key, "its value (not shown) is empty, or holds a control character"
    for key in _given(config, DatabaseCredentials):
        if not _is_object(config, key):
            yield key, "its value (not shown) is not a JSON object with something in it"


_NOT_PLAIN = (
    "its value (not shown) does not start with a letter, or holds something else than letters, digits, - and _, or is "
    "a word like true: the server would read it as another value"
)


def _keys(kind: type[Settings]) -> list[str]:
    return [to_camel(name) for name in kind.model_fields]


def _given(config: pulumi.Config, kind: type[Settings]) -> list[str]:
    return [key for key in _keys(kind) if config.get(key) is not None]


def _is_object(config: pulumi.Config, key: str) -> bool:
    # Whoever has made a `pulumi.Config` has imported it.
    from pulumi import ConfigTypeError  # noqa: PLC0415

    try:
        found = config.get_object(key)
    except ConfigTypeError:
        return False
    return isinstance(found, dict) and bool(found)
