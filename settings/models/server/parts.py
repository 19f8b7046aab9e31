"""The server's three parts, and what they keep their data in: `clearml-tenants:stack.server.<part>` (contract 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from settings.models.base import Settings
from settings.models.extra import ExtraVariables
from settings.types.addresses import Address
from settings.types.urls import StorageUrl
from settings.types.vocabulary import Domain, Text
from settings.types.yaml_words.unquoted import IngressClass, ObjectName


class Ingress(Settings):
    """How a part is reached from outside; the names are the chart's own. Left alone, the cluster's defaults count."""

    enabled: bool = Field(default=True, description="Whether there is an ingress.", examples=["false"])
    ingress_class_name: IngressClass | None = Field(default=None, description="The ingress class.", examples=["nginx"])
    tls_secret_name: ObjectName | None = Field(
        default=None,
        description="The Secret in the server's namespace that holds the host's certificate.",
        examples=["clearml-tls"],
    )
    annotations: Mapping[Text, str] = Field(
        default_factory=dict,
        description="Annotations of the ingress.",
        examples=["{cert-manager.io/cluster-issuer: main}"],
    )


class Part(Settings):
    """A part of the server; `host` is by default `api.`, `app.` or `files.` and the stack's base domain."""

    host: Domain | None = Field(
        default=None,
        description="The part's host; `api.`, `app.` or `files.` before the base domain if left out.",
        examples=["api.example.com"],
    )
    ingress: Ingress = Field(
        default=Ingress(), description="How it is reached from outside.", examples=["{ingressClassName: nginx}"]
    )
    service_type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = Field(
        default="ClusterIP", description="The type of its service."
    )


class PartWithVariables(Part):
    """A part whose environment the chart lets one add to."""

    extra_envs: ExtraVariables = Field(default=(), description="More variables for its container.")


class Fileserver(Part):
    """The server's store of files. With `externalUrl`, tasks keep them elsewhere.

    Agents, applications and the web interface are told (contract 4.1). Access to the storage, and the way to it through
    the tenants' network, are yours.
    """

    enabled: bool = Field(default=True, description="Whether the server stores files itself.", examples=["false"])
    external_url: StorageUrl | None = Field(
        default=None,
        description="Where tasks keep files instead, such as a bucket; it turns this part off.",
        examples=["s3://clearml-files"],
    )

    @model_validator(mode="before")
    @classmethod
    def _off_where_files_are_elsewhere(cls, given: object) -> object:
        if isinstance(given, dict) and (given.get("externalUrl") or given.get("external_url")):
            if given.get("enabled") is True:
                raise ValueError("has externalUrl, which turns it off, and enabled: true; keep one of the two")
            return {**given, "enabled": False}
        return given


class Applications(Settings):
    """The server's own agent for applications."""

    enabled: bool = Field(default=True, description="Whether the server runs applications itself.", examples=["false"])


class Mongodb(Settings):
    """Which MongoDB the chart brings: its values `mongodb.enabled`, `mckMongodb.enabled` and `mckMongodb.migrated`.

    What is left out follows from the chart's version, as for a clean install: from 10.11.7 `false`, `true`, `true`,
    before that the chart's own defaults; both off where connection strings lead to another MongoDB. A server that
    still has its data in the earlier one needs ClearML's migration guide, and says here where it stands.
    """

    enabled: bool | None = Field(default=None, description="The chart's value `mongodb.enabled`.", examples=["true"])
    mck_enabled: bool | None = Field(
        default=None, description="The chart's value `mckMongodb.enabled`.", examples=["true"]
    )
    mck_migrated: bool | None = Field(
        default=None,
        description="The chart's value `mckMongodb.migrated`, which says that the data is in the newer one.",
        examples=["false"],
    )


class Redis(Settings):
    """A Redis that is not the chart's own."""

    host: Address = Field(description="Its host.", examples=["redis.example.com"])
    port: int = Field(default=6379, description="Its port.", ge=1, le=65535, examples=["6379"])
