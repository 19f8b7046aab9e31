"""The supervisor's pair reaches the server through a Secret, rolls its pods, and hides nothing else from a reviewer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pydantic.alias_generators import to_camel

from components.charts.access import ChartAccess
from components.values.agent import agent_values
from components.values.gateway import gateway_values
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from settings.loading.secrets import Secrets
from settings.models.server.secrets import INTERNAL_KEYS, ServerSecretKeys, ServerSecrets
from settings.models.stack import StackSettings
from settings.models.workers.agent import Agent
from settings.models.workers.gateway import Gateway
from tests.unit.document import KEY, SECRET, SECRETS, STACK_KEYS, settings

_CHARTS: dict[str, Any] = STACK_KEYS["charts"]  # type: ignore[assignment]
REGISTRY = settings()
FOLDER = settings(charts={**_CHARTS, "server": {"chart": "./server"}})
REGISTRY_WITH_LOGIN = settings(charts={**_CHARTS, "registry": {"username": "me"}})


def _roller(stack: StackSettings, secrets: Secrets) -> str:
    entries = server_values(stack, secrets)["apiserver"]["extraEnvs"]
    (entry,) = [each for each in entries if each["name"] == "CLEARML_TENANTS_SUPERVISOR"]
    return str(entry["value"])


@pytest.mark.parametrize("stack", [REGISTRY, FOLDER])
@pytest.mark.parametrize("other", [replace(SECRETS, supervisor_key="x"), replace(SECRETS, supervisor_secret="x")])
def test_another_pair_is_another_pod_template(stack: StackSettings, other: Secrets) -> None:
    assert _roller(stack, other) != _roller(stack, SECRETS)
    assert _roller(stack, replace(SECRETS)) == _roller(stack, SECRETS)


def test_the_pair_cannot_be_guessed_from_what_rolls_the_pods() -> None:
    """A person may have chosen a short one; whoever reads the Deployment does not know the server's own."""
    assert _roller(REGISTRY, replace(SECRETS, apiserver_secret="other")) != _roller(REGISTRY, SECRETS)


def test_the_pair_is_not_among_the_values() -> None:
    values = str(server_values(REGISTRY, SECRETS))
    assert KEY not in values
    assert SECRET not in values


def test_without_a_supervisor_nothing_names_its_secret() -> None:
    server = {**STACK_KEYS["server"], "supervisor": {"enabled": False}}  # type: ignore[dict-item]
    assert "supervisor" not in str(server_values(settings(server=server), SECRETS)).lower()


@pytest.mark.parametrize("stack", [REGISTRY, FOLDER, REGISTRY_WITH_LOGIN])
def test_whatever_a_stack_keeps_secret_no_item_of_a_list_is(stack: StackSettings) -> None:
    """The kubernetes plugin hides the whole list for it."""

    async def secret_items() -> list[str]:
        return [path for path, each in _items(_values(stack), "") if await each.is_secret()]

    # A loop of its own: `asyncio.run` would leave other tests without one.
    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(secret_items()) == []
    finally:
        loop.close()


def _values(stack: StackSettings) -> dict[str, Any]:
    """Of each kind of release, with every secret that there can be."""

    def secret(text: str = "hunter2") -> pulumi.Output[str]:
        return pulumi.Output.secret(text)

    given = {name: secret("letters") for name in map(to_camel, ServerSecretKeys.model_fields)}
    secrets = Secrets(
        secret("key"),
        secret("secret"),
        secret("a#b"),
        secret("c d"),
        secret(),
        secret(),
        server=ServerSecrets.by_kind(given),
    )
    made = ProvisionedInputs(pull_secret="pull", internal_keys={name: secret("letters") for name in INTERNAL_KEYS})
    access = ChartAccess.of(stack.charts, secrets)
    return {
        "server": server_values(stack, secrets, made),
        "agent": agent_values(
            Agent.model_validate({"queues": {"default": {}}}),
            stack,
            "name",
            pulumi.Output.from_input("access"),
            runs_applications=True,
            pull_secret="pull",
        ),
        "gateway": gateway_values(
            Gateway(host_name="r.example.com"), stack, pulumi.Output.from_input("access"), secret()
        ),
        "login": access.options(stack.charts.server),
    }


def _items(value: object, path: str, *, in_list: bool = False) -> Iterator[tuple[str, pulumi.Output[Any]]]:
    """Every Output in a list, and where."""
    if isinstance(value, pulumi.Output):
        if in_list:
            yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _items(each, f"{path}.{key}", in_list=in_list)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _items(each, f"{path}[{index}]", in_list=True)
