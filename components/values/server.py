"""Values of the Server release: the document's first block, and what the contract (4.1) names beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from components.values.environment import EnvironmentVariable, variable
from components.values.extra import ExtraList, with_extra
from components.values.hocon import plain_secret, quoted, quoted_secret, word
from components.values.registry import existing_pull_secret
from config.secrets import Secrets
from config.server import Supervisor
from config.stack import StackSettings


def server_values(
    stack: StackSettings, secrets: Secrets, pull_secret: pulumi.Input[str] | None = None
) -> dict[str, Any]:
    """Values of chart `clearml-enterprise`; only their secret leaves may be Outputs. Raises ClashError.

    `pull_secret` is the name of an image-pull Secret, if there is one.
    """
    server = stack.server
    apiserver = ExtraList("apiserver", "apiserver.extraEnvs", server.apiserver.extra_envs)
    webserver = ExtraList("webserver", "webserver.extraEnvs", server.webserver.extra_envs)
    return with_extra(
        {**existing_pull_secret(pull_secret), **_values(stack, secrets)}, server.extra_values, apiserver, webserver
    )


def _values(stack: StackSettings, secrets: Secrets) -> dict[str, Any]:
    return {
        "clearml": {
            "cookieDomain": stack.base_domain,
            "apiserverKey": plain_secret(secrets.apiserver_key, "apiserverKey"),
            "apiserverSecret": plain_secret(secrets.apiserver_secret, "apiserverSecret"),
        },
        "apiserver": {**_reached_at(stack.api_host), "extraEnvs": list(apiserver_environment(stack, secrets))},
        "fileserver": _reached_at(stack.files_host),
        "webserver": _reached_at(stack.app_host),
        "clearmlApplications": {"queueMode": stack.server.queue_mode},
    }


def apiserver_environment(stack: StackSettings, secrets: Secrets) -> Iterator[EnvironmentVariable]:
    """The document's first values block, in its order. Helm replaces a list wholly, so there is one only."""
    for feature, on in stack.features.items():
        yield variable(f"CLEARML__services__organization__features__{feature}", _flag(on))
    yield from _ui_features(stack.ui_features_per_role)
    yield from _supervisor(stack.server.supervisor, secrets)
    yield variable("CLEARML__apiserver__company__unique_names", _flag(stack.server.unique_names))


def _ui_features(per_role: Mapping[str, Mapping[str, bool]]) -> Iterator[EnvironmentVariable]:
    for role, features in per_role.items():
        for feature, shown in features.items():
            yield variable(f"CLEARML__services__auth__ui_features_per_role__{role}__{feature}", _flag(shown))


def _supervisor(supervisor: Supervisor, secrets: Secrets) -> Iterator[EnvironmentVariable]:
    yield variable("CLEARML__services__workers__resource_usages__supervisor_company", word(supervisor.company))
    properties: dict[str, pulumi.Input[str]] = {
        "role": "system",
        "allow_login": _flag(True),
        "user_key": quoted_secret(secrets.supervisor_key),
        "user_secret": quoted_secret(secrets.supervisor_secret),
        "sec_groups": json.dumps(supervisor.groups, ensure_ascii=False),
        "email": quoted(supervisor.email),
    }
    for name, value in properties.items():
        yield variable(f"CLEARML__secure__credentials__supervisor__{name}", value)


def _flag(on: bool) -> str:
    return "true" if on else "false"


def _reached_at(host: str) -> dict[str, Any]:
    """Inside the cluster by its service, from outside by an ingress only."""
    return {"service": {"type": "ClusterIP"}, "ingress": {"enabled": True, "hostName": host}}
