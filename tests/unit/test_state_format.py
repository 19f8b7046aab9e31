"""Names that existing states hold: a renamed module, class or token would lose what was made under the old name.

Lines are added, never changed or removed; a class that moves leaves an import behind at its old path.
"""

from __future__ import annotations

import pickle
from importlib import import_module
from typing import Any

import pytest
from pulumi.dynamic import Resource
from pulumi.dynamic.dynamic import serialize_provider

# Every provider's import path ever released.
PROVIDERS = [
    ("components.clearml.company", "CompanyProvider"),
    ("components.clearml.admin_user", "AdminUserProvider"),
    ("components.clearml.credentials", "CredentialsProvider"),
    ("components.clearml.domains", "DomainsProvider"),
    ("components.clearml.whitelist", "WhitelistProvider"),
    ("components.clearml.departures", "DeparturesProvider"),
    ("components.clearml.features", "FeaturesProvider"),
    ("components.clearml.sso", "SsoProvider"),
    ("components.clearml.group_ids", "GroupIdsProvider"),
    ("components.clearml.surplus_keys", "SurplusKeysProvider"),
]

# Every dynamic resource and its token ever released.
RESOURCES = [
    ("components.clearml.company", "Company", "dynamic/clearml:Company"),
    ("components.clearml.admin_user", "AdminUser", "dynamic/clearml:AdminUser"),
    ("components.clearml.credentials", "Credentials", "dynamic/clearml:Credentials"),
    ("components.clearml.domains", "Domains", "dynamic/clearml:Domains"),
    ("components.clearml.whitelist", "WhitelistEntries", "dynamic/clearml:WhitelistEntries"),
    ("components.clearml.departures", "Departures", "dynamic/clearml:Departures"),
    ("components.clearml.features", "Features", "dynamic/clearml:Features"),
    ("components.clearml.sso", "Sso", "dynamic/clearml:Sso"),
    ("components.clearml.group_ids", "GroupIds", "dynamic/clearml:GroupIds"),
    ("components.clearml.surplus_keys", "SurplusKeys", "dynamic/clearml:SurplusKeys"),
]


@pytest.mark.parametrize(("module", "name"), PROVIDERS)
def test_a_provider_is_found_where_old_states_look_for_it(module: str, name: str) -> None:
    provider: type[Any] = getattr(import_module(module), name)
    assert (provider.__module__, provider.__qualname__) == (module, name)


@pytest.mark.parametrize(("module", "name"), PROVIDERS)
def test_a_provider_is_kept_by_its_path_and_nothing_else(module: str, name: str) -> None:
    provider = getattr(import_module(module), name)()
    assert provider.serialize_as_secret_always is False
    assert len(serialize_provider(provider)) <= 100
    assert module.encode() in pickle.dumps(provider)


@pytest.mark.parametrize(("module", "name", "token"), RESOURCES)
def test_a_resource_keeps_its_token(module: str, name: str, token: str) -> None:
    assert getattr(import_module(module), name)._resource_type_name == token


def test_every_dynamic_resource_there_is_stands_in_the_list() -> None:
    import_module("components.tenant")
    import_module("components.clearml.departures")
    import_module("components.clearml.group_ids")
    assert {cls.__name__ for cls in _descendants(Resource) if cls.__module__.startswith("components.")} == {
        name for _, name, _ in RESOURCES
    }


def _descendants(cls: type[Any]) -> set[type[Any]]:
    direct = set(cls.__subclasses__())
    return direct.union(*(_descendants(each) for each in direct))
