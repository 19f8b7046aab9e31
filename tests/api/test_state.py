"""What becomes part of a user's state: import paths, type tokens, and nothing a provider was configured with."""

from __future__ import annotations

import base64
from typing import Any

import dill
import pulumi
import pytest
from pulumi.dynamic import ConfigureRequest, ResourceProvider
from pulumi.dynamic.config import Config
from pulumi.dynamic.dynamic import Resource, serialize_provider

from components.clearml.admin_user import AdminUser, AdminUserProvider
from components.clearml.company import Company, CompanyProvider
from components.clearml.credentials import Credentials, CredentialsProvider
from components.clearml.departures import Departures, DeparturesProvider
from components.clearml.domains import Domains, DomainsProvider
from components.clearml.errors import Misconfigured
from components.clearml.features import Features, FeaturesProvider
from components.clearml.provider import ClearMLProvider
from components.clearml.sso import Sso, SsoProvider
from components.clearml.whitelist import WhitelistEntries, WhitelistProvider

# Every path and token ever released. Never change a line: add a shim at the old path when code moves.
RELEASED: list[tuple[type[Resource], type[ClearMLProvider], str, str]] = [
    (Company, CompanyProvider, "components.clearml.company.CompanyProvider", "Company"),
    (AdminUser, AdminUserProvider, "components.clearml.admin_user.AdminUserProvider", "AdminUser"),
    (Credentials, CredentialsProvider, "components.clearml.credentials.CredentialsProvider", "Credentials"),
    (Domains, DomainsProvider, "components.clearml.domains.DomainsProvider", "Domains"),
    (WhitelistEntries, WhitelistProvider, "components.clearml.whitelist.WhitelistProvider", "WhitelistEntries"),
    (Features, FeaturesProvider, "components.clearml.features.FeaturesProvider", "Features"),
    (Sso, SsoProvider, "components.clearml.sso.SsoProvider", "Sso"),
    (Departures, DeparturesProvider, "components.clearml.departures.DeparturesProvider", "Departures"),
]
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


@pytest.mark.parametrize(("resource", "provider", "path", "name"), RELEASED, ids=[each[3] for each in RELEASED])
def test_paths_and_tokens_stay(resource: Any, provider: type[ClearMLProvider], path: str, name: str) -> None:
    assert f"{provider.__module__}.{provider.__qualname__}" == path
    assert resource._resource_type_name == f"dynamic/clearml:{name}"


@pytest.mark.parametrize("provider", [each[1] for each in RELEASED])
def test_provider_is_a_reference_of_100_bytes_without_what_it_was_given(provider: type[ClearMLProvider]) -> None:
    plain = provider()
    before = serialize_provider(plain)
    _configured(plain)
    pickled = serialize_provider(plain)
    assert pickled == before
    assert len(pickled) <= 100
    assert b"S3CRET" not in base64.b64decode(pickled)
    assert type(dill.loads(base64.b64decode(pickled))) is provider  # noqa: S301 - our own
    assert provider.serialize_as_secret_always is False


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
    providers = [each[1]() for each in RELEASED]
    for provider in providers:
        _configured(provider)
    assert len({id(provider.session) for provider in providers}) == 1


def test_resources_are_pulumi_resources() -> None:
    assert all(issubclass(each[0], pulumi.CustomResource) for each in RELEASED)
