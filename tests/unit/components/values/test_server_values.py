"""The Server release is told what the document says, and the server understands it."""

from __future__ import annotations

from typing import Any

import pytest
from pyhocon import ConfigFactory

from components.values.gateway import gateway_values
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from settings.loading.secrets import Secrets
from settings.models.workers.gateway import Gateway
from tests.unit.apiserver import environment
from tests.unit.document import FIRST_BLOCK, FREE_TEXTS, SECRETS, STACK_KEYS, settings


def _variables(values: dict[str, Any], secrets: Secrets = SECRETS) -> list[tuple[str, str]]:
    return list(environment(values, secrets).items())


def _as_the_server_reads(variables: list[tuple[str, str]]) -> Any:
    return ConfigFactory.parse_string(
        "\n".join(f"{name.removeprefix('CLEARML__').lower().replace('__', '.')}: {value}" for name, value in variables)
    )


def test_the_documents_first_block_is_reproduced() -> None:
    variables = _variables(server_values(settings(), SECRETS))
    assert [name for name, _ in variables] == [name for name, _ in FIRST_BLOCK]
    assert [pair for pair in variables if pair[0] not in FREE_TEXTS] == [
        pair for pair in FIRST_BLOCK if pair[0] not in FREE_TEXTS
    ]
    assert _as_the_server_reads(variables) == _as_the_server_reads(FIRST_BLOCK)


@pytest.mark.parametrize("cookie", ["clearml_token_basic", "clearml_token_prod"])
def test_the_server_sets_the_cookie_that_gateways_look_for(cookie: str) -> None:
    stack = settings(server={**STACK_KEYS["server"], "cookieName": cookie})  # type: ignore[dict-item]
    values = server_values(stack, SECRETS)
    gateway = gateway_values(Gateway(host_name="router.example.com"), stack, "", "")
    assert values["clearml"]["cookieName"] == gateway["clearml"]["authCookieName"] == cookie
    # By the chart's value alone: a variable beside it would be the same name twice.
    assert "apiserver.auth.session_auth_cookie_name" not in _as_the_server_reads(_variables(values))


def test_every_variable_is_a_text_because_kubernetes_takes_nothing_else() -> None:
    assert all(isinstance(value, str) for _, value in _variables(server_values(settings(), SECRETS)))


def test_supervisor_secrets_of_any_characters_arrive_as_they_are() -> None:
    secrets = Secrets("key", "secret", "a#b", 'x"y\\z, {$ é')
    supervisor = _as_the_server_reads(_variables(server_values(settings(), secrets), secrets))[
        "secure.credentials.supervisor"
    ]
    assert supervisor["user_key"] == "a#b"
    assert supervisor["user_secret"] == 'x"y\\z, {$ é'


def test_features_and_switches_follow_the_settings() -> None:
    server = {**STACK_KEYS["server"], "uniqueNames": False, "queueMode": "per_tenant"}  # type: ignore[dict-item]
    stack = settings(features={"reports": False}, uiFeaturesPerRole={}, server=server)
    values = server_values(stack, SECRETS)
    variables = dict(_variables(values))
    assert variables["CLEARML__services__organization__features__reports"] == "false"
    assert variables["CLEARML__apiserver__company__unique_names"] == "false"
    assert not [name for name in variables if "ui_features" in name or "user_management" in name]
    assert values["clearmlApplications"] == {"enabled": True, "queueMode": "per_tenant"}


def test_hosts_hang_on_the_base_domain() -> None:
    values = server_values(settings(), SECRETS)
    assert values["clearml"]["cookieDomain"] == "clearml.example.com"
    hosts = {part: values[part]["ingress"]["hostName"] for part in ("apiserver", "webserver", "fileserver")}
    assert hosts == {
        "apiserver": "api.clearml.example.com",
        "webserver": "app.clearml.example.com",
        "fileserver": "files.clearml.example.com",
    }


def test_a_pull_secret_is_named_only_if_there_is_one() -> None:
    assert "imageCredentials" not in server_values(settings(), SECRETS)
    values = server_values(settings(), SECRETS, ProvisionedInputs(pull_secret="pull"))
    assert values["imageCredentials"] == {"existingImagePullSecrets": [{"name": "pull"}]}
