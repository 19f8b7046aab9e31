"""All that `config/Pulumi.<stack>.yaml` may say for this project: the API, the secrets, and the object `stack`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import normpath
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.alias_generators import to_camel

from settings.models.charts import not_of_stacks
from settings.models.encryption import Encrypted, is_encrypted
from settings.models.server.secrets import ServerSecretKeys
from settings.models.stack import StackSettings
from settings.types import naming
from settings.types.kubernetes.names import WorkerName
from settings.types.shape import Location, is_free
from settings.types.texts import Holds
from settings.types.urls import Url
from settings.types.vocabulary import Text

PROJECT = naming.PROJECT
_NO_FILES = re.compile(r"/(?:dev|proc|sys)(?:/.*)?")


def _authority(text: str) -> str:
    """A file of the project, or one that whoever keeps the machines has put there; no home folder's, no device."""
    place = normpath(text)
    if text.startswith("~") or place == ".." or place.startswith("../"):
        raise ValueError(
            f"{text!r} is outside of this project, and lies elsewhere on every machine; put the certificates into the "
            "project and write it like config/authorities/ours.pem"
        )
    if _NO_FILES.fullmatch(re.sub("/+", "/", place)):
        raise ValueError(f"{text!r} is no file of certificates; write it like config/authorities/ours.pem")
    return not_of_stacks(text)


Authority = Annotated[Text, Holds("a file"), AfterValidator(_authority)]


class StackFile(ServerSecretKeys):
    """This project's keys in `config/Pulumi.<stack>.yaml`, without their prefix `clearml-tenants:`."""

    api_url: Url = Field(
        description="Where the program itself reaches ClearML's API.", examples=["https://api.clearml.example.com"]
    )
    # Not strict: `pulumi config set` rewrites the file with every scalar as a text.
    api_wait_seconds: int = Field(
        default=300,
        description="For how long a run waits for the API to answer.",
        strict=False,
        ge=1,
        le=3600,
        examples=["300"],
        json_schema_extra={"type": ["integer", "string"]},
    )
    # Read by the dynamic resources from the engine, as all of the connection; here so that it is a known key.
    api_ca_file: Authority | None = Field(
        default=None,
        description=(
            "The certificates of the authority that signed the API's, where it is a private one. A path begins at the"
            " project; an absolute one has to be there on every machine that runs the stack."
        ),
        examples=["certificates/ours.pem"],
    )
    api_calls_per_second: float | None = Field(
        default=None,
        description="How many calls a run makes in a second at most; no limit if left out.",
        strict=False,
        ge=0.1,
        le=1000,
        examples=["20"],
    )
    apiserver_key: Encrypted = Field(
        description="The key with which the program signs in to the API, and which the server is told."
    )
    apiserver_secret: Encrypted = Field(description="The secret beside `apiserverKey`.")
    # Demanded while the supervisor is on: `missing_secrets`.
    supervisor_key: Encrypted = Field(
        default=None, description="The supervisor's key, needed while the supervisor is enabled."
    )
    supervisor_secret: Encrypted = Field(default=None, description="The secret beside `supervisorKey`.")
    image_token: Encrypted = Field(default=None, description="The token with which nodes pull ClearML's images.")
    # For charts elsewhere than images, or with a token of their own: `settings/loading/chart_login.py`.
    chart_token: Encrypted = Field(
        default=None, description="The token with which charts are fetched, where it is another than `imageToken`."
    )
    # Read with the key to it only when something is deployed.
    sso_client_secrets: Mapping[str, Encrypted] = Field(
        default_factory=dict,
        description="The client secret of each tenant's identity provider, by the tenant's file.",
        examples=["{acme: {secure: …}}"],
    )
    kubeconfigs: Mapping[WorkerName, Encrypted] = Field(
        default_factory=dict,
        description="Kubeconfigs by name, for workers in clusters that the operator's own does not know.",
        examples=["{gpu: {secure: …}}"],
    )
    secret_values: Mapping[Text, Mapping[Text, Encrypted]] = Field(
        default_factory=dict,
        alias="secrets",
        description="The values of the stack's own Secrets, which its settings declare: by name, then by key.",
        examples=["{git-login: {token: {secure: …}}}"],
    )
    tenant_secrets: Mapping[Text, Mapping[Text, Mapping[Text, Encrypted]]] = Field(
        default_factory=dict,
        description="The values of tenants' Secrets, which their files declare: by tenant, then by name and key.",
        examples=["{acme: {git-login: {token: {secure: …}}}}"],
    )
    stack: StackSettings = Field(
        description="The settings of this stack.", examples=["{baseDomain: clearml.example.com, …}"]
    )

    @classmethod
    def secrets(cls) -> frozenset[str]:
        """The keys whose value the engine must hold encrypted, as written in the file."""
        return frozenset(
            str(field.alias) for field in cls.model_fields.values() if any(is_encrypted(m) for m in field.metadata)
        )

    def given_secrets(self) -> frozenset[str]:
        """The keys of the secrets that the file has."""
        return self.secrets() & {to_camel(name) for name in self.model_fields_set}

    def missing_secrets(self) -> list[str]:
        """The keys of secrets that the other settings ask for and the file does not have."""
        asked = ("supervisor_key", "supervisor_secret") if self.stack.server.supervisor.enabled else ()
        return [key for key in map(to_camel, asked) if key not in self.given_secrets()]


def is_free_of_stack(location: Location) -> bool:
    """Whether values for a chart stand at `location` of the stack's file, as `config.clearml-tenants:stack.server`."""
    top, *rest = location or ("",)
    if top != "config" or not rest or not str(rest[0]).startswith(f"{PROJECT}:"):
        return False
    return is_free(StackFile, (str(rest[0]).partition(":")[2], *rest[1:]))
