"""The server's three parts, and what they keep their data in: `clearml-tenants:stack.server.<part>` (contract 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from settings.models.base import Settings
from settings.models.extra import ExtraVariables
from settings.types.urls import StorageUrl, without_login
from settings.types.vocabulary import Domain, Text


class Ingress(Settings):
    """How a part is reached from outside; the names are the chart's own. Left alone, the cluster's defaults count."""

    enabled: bool = Field(default=True, examples=["false"])
    ingress_class_name: Text | None = Field(default=None, examples=["nginx"])
    tls_secret_name: Text | None = Field(default=None, examples=["clearml-tls"])
    annotations: Mapping[Text, str] = Field(default_factory=dict, examples=["{cert-manager.io/cluster-issuer: main}"])


class Part(Settings):
    """A part of the server; `host` is by default `api.`, `app.` or `files.` and the stack's base domain."""

    host: Domain | None = Field(default=None, examples=["api.example.com"])
    ingress: Ingress = Field(default=Ingress(), examples=["{ingressClassName: nginx}"])
    service_type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"


class PartWithVariables(Part):
    """A part whose environment the chart lets one add to."""

    extra_envs: ExtraVariables = ()


class Fileserver(Part):
    """The server's store of files. `external_url` is where tasks keep them instead, a bucket say.

    It turns this part off, and tells agents, applications and the web interface (contract 4.1). Access to the storage,
    and the way to it through the tenants' network, are yours.
    """

    enabled: bool = Field(default=True, examples=["false"])
    external_url: StorageUrl | None = Field(default=None, examples=["s3://clearml-files"])

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

    enabled: bool = Field(default=True, examples=["false"])


class Mongodb(Settings):
    """Which MongoDB the chart brings: its values `mongodb.enabled`, `mckMongodb.enabled` and `mckMongodb.migrated`.

    What is left out follows from the chart's version, as for a clean install: from 10.11.7 `false`, `true`, `true`,
    before that the chart's own defaults; both off where connection strings lead to another MongoDB. A server that
    still has its data in the earlier one needs ClearML's migration guide, and says here where it stands.
    """

    enabled: bool | None = Field(default=None, examples=["true"])
    mck_enabled: bool | None = Field(default=None, examples=["true"])
    mck_migrated: bool | None = Field(default=None, examples=["false"])


class Redis(Settings):
    """A Redis that is not the chart's own."""

    host: Annotated[Text, AfterValidator(without_login)] = Field(examples=["redis.example.com"])
    port: int = Field(default=6379, ge=1, le=65535, examples=["6379"])
