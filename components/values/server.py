"""Values of the Server release: the document's, and what contract 4.1 names beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.values.databases import database_values
from components.values.environment import EnvironmentVariable, rolled_by_keys
from components.values.extra import ExtraList, with_extra
from components.values.hocon import plain_secret
from components.values.image_pull import existing_pull_secret
from components.values.provisioned_inputs import NOTHING, ProvisionedInputs
from components.values.reporting import audit_values, audit_variables_of_chart, usage_values
from components.values.secrets.namespace import NamespaceSecrets
from components.values.secrets.server_rolls import (
    apiserver_rolls,
    fileserver_annotations,
    webserver_rolls,
    with_applications,
)
from components.values.server_environment import apiserver_environment, webserver_environment
from components.values.sign_in.files import sign_in_files
from settings.loading.secrets import Secrets
from settings.models.server.parts import Part
from settings.models.stack import StackSettings

# The chart sets these from values of ours; an entry after them would win without a word (contract 1.2, 3.1, 4.1).
_SET_BY_CHART = (
    "CLEARML__apiserver__auth__cookies__domain",
    "CLEARML__apiserver__auth__session_auth_cookie_name",
    "CLEARML__secure__credentials__apiserver",
    "CLEARML__secure__auth__token_secret",
)


def server_values(stack: StackSettings, secrets: Secrets, made: ProvisionedInputs = NOTHING) -> dict[str, Any]:
    """Values of chart `clearml-enterprise`; only their secret leaves may be Outputs. Raises ClashError."""
    server = stack.server
    by_chart = (*_SET_BY_CHART, *audit_variables_of_chart(server.api_audit))
    apiserver = ExtraList("apiserver", "apiserver.extraEnvs", server.apiserver.extra_envs, by_chart)
    webserver = ExtraList("webserver", "webserver.extraEnvs", server.webserver.extra_envs)
    values = with_extra(_values(stack, secrets, made), server.extra_values, apiserver, webserver)
    return with_applications(values, server, NamespaceSecrets.of_server(stack, secrets))


def _values(stack: StackSettings, secrets: Secrets, made: ProvisionedInputs) -> dict[str, Any]:
    server = stack.server
    own = {"apiserverKey": secrets.apiserver_key, "apiserverSecret": secrets.apiserver_secret}
    keys = {name: plain_secret(key, name) for name, key in {**own, **made.internal_keys}.items()}
    elsewhere = server.fileserver.external_url
    declared = NamespaceSecrets.of_server(stack, secrets)
    apiserver = [
        *apiserver_environment(stack, secrets, made.group_ids),
        *_rolled(stack, keys),
        *apiserver_rolls(server, declared),
    ]
    return {
        **existing_pull_secret(made.pull_secret, *declared.pull_names),
        "clearml": {"cookieDomain": stack.base_domain, "cookieName": server.cookie_name, **keys},
        "apiserver": {
            **_variables(apiserver),
            **_files(sign_in_files(server.identity_providers)),
            **_reached_at(stack.api_host, server.apiserver),
            **audit_values(server.api_audit),
        },
        "fileserver": _fileserver(stack, declared),
        "webserver": {
            **_variables([*webserver_environment(server), *webserver_rolls(server, declared)]),
            **_reached_at(stack.app_host, server.webserver),
            **({"displayedServerURLs": {"fileserver": elsewhere}} if elsewhere else {}),
        },
        "clearmlApplications": {
            "enabled": server.applications.enabled,
            "queueMode": server.queue_mode,
            **({"fileServerUrlReferenceOverride": elsewhere} if elsewhere else {}),
        },
        **database_values(server, secrets.server, stack.charts.server.version),
        **usage_values(server, secrets.server.metering),
    }


def _rolled(stack: StackSettings, keys: Mapping[str, pulumi.Input[str]]) -> list[EnvironmentVariable]:
    """The public chart restarts nothing for a changed key; a folder's own may, and states of before lack the entry."""
    return [] if stack.charts.server.is_folder else rolled_by_keys(keys)


def _fileserver(stack: StackSettings, declared: NamespaceSecrets) -> dict[str, Any]:
    fileserver = stack.server.fileserver
    if not fileserver.enabled:
        return {"enabled": False}
    return {**_reached_at(stack.files_host, fileserver), **fileserver_annotations(stack.server, declared)}


def _variables(entries: list[EnvironmentVariable]) -> dict[str, Any]:
    return {"extraEnvs": entries} if entries else {}


def _files(files: Mapping[str, str]) -> dict[str, Any]:
    return {"additionalConfigs": dict(files)} if files else {}


def _reached_at(host: str, part: Part) -> dict[str, Any]:
    """Inside the cluster by its service, from outside by an ingress, unless that is off."""
    ingress = part.ingress.model_dump(by_alias=True, exclude_defaults=True)
    return {
        "service": {"type": part.service_type},
        "ingress": {"enabled": True, "hostName": host, **ingress} if part.ingress.enabled else {"enabled": False},
    }
