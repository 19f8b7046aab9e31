"""What a provider takes from its stack's configuration, and that nothing of it becomes part of a user's state."""

from __future__ import annotations

import base64
from typing import Any

import dill
import pytest
from pulumi.dynamic import ConfigureRequest, ResourceProvider
from pulumi.dynamic.config import Config
from pulumi.dynamic.dynamic import serialize_provider

from components.clearml import state
from components.clearml.api.errors import Misconfigured
from components.clearml.company.resource import CompanyProvider
from components.clearml.provider import with_api_wait

CONFIG = {
    "clearml-tenants:apiUrl": "http://127.0.0.1:1",
    "clearml-tenants:apiserverKey": "KEY",
    "clearml-tenants:apiserverSecret": "S3CRET-value",
}


def _configured(provider: ResourceProvider, **changes: str | None) -> None:
    given = CONFIG | {f"clearml-tenants:{name}": value for name, value in changes.items()}
    provider.configure(ConfigureRequest(Config({k: v for k, v in given.items() if v is not None}, "clearml-tenants")))


@pytest.fixture(autouse=True)
def _tracebacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """`configure` shortens the tracebacks of its own process; not of this one."""
    monkeypatch.setattr("sys.tracebacklimit", 1000, raising=False)


@pytest.mark.parametrize("name", state.CLASSES)
def test_provider_is_a_name_of_100_bytes_without_what_it_was_given(name: str) -> None:
    plain = state.provider(name)
    before = serialize_provider(plain)
    _configured(plain)
    pickled = serialize_provider(plain)
    assert pickled == before
    assert len(pickled) <= 100
    assert b"S3CRET" not in base64.b64decode(pickled)
    assert type(dill.loads(base64.b64decode(pickled))) is type(plain)  # noqa: S301 - our own
    assert plain.serialize_as_secret_always is False


def test_environment_overrides_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARML_API_URL", "http://127.0.0.1:2")
    provider = CompanyProvider()
    _configured(provider, apiWaitSeconds="7")
    assert provider.session.client.connection.url == "http://127.0.0.1:2"
    assert provider.session.client.connection.wait_seconds == 7


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"apiserverKey": None, "apiserverSecret": None}, "apiserverKey and apiserverSecret not set"),
        ({"apiWaitSeconds": "5 minutes"}, "apiWaitSeconds"),
        ({"apiUrl": "nowhere"}, "apiUrl"),
        ({"apiCallsPerSecond": "many"}, "apiCallsPerSecond"),
        ({"apiCallsPerSecond": "0"}, "apiCallsPerSecond"),
    ],
)
def test_missing_settings_are_named(changes: dict[str, str | None], names: str) -> None:
    with pytest.raises(Misconfigured, match=names):
        _configured(CompanyProvider(), **changes)


def test_rate_is_taken_from_the_stack() -> None:
    provider = CompanyProvider()
    _configured(provider, apiCallsPerSecond="20")
    assert provider.session.client.connection.calls_per_second == 20


def test_all_providers_of_a_process_share_what_they_read() -> None:
    providers: list[Any] = [state.provider(name) for name in state.CLASSES]
    for provider in providers:
        _configured(provider)
    assert len({id(provider.session) for provider in providers}) == 1


@pytest.mark.parametrize("name", state.CLASSES)
@pytest.mark.parametrize("verb", ["create", "update"])
def test_every_create_and_update_waits_for_an_api_that_does_not_answer_yet(name: str, verb: str) -> None:
    method = getattr(type(state.provider(name)), verb)
    assert method.__code__ is with_api_wait(lambda _: None).__code__
