"""What existing states hold of this program's code: a name for each provider, paths of earlier versions, type tokens.

A class may move and be called otherwise. `released_providers.json` has each text that a state may hold as `__provider`,
by that name; `PATHS` has the paths that stand in them. Lines are added to both, never changed or removed.
"""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pulumi.dynamic import Resource
from pulumi.dynamic.dynamic import serialize_provider

import components
from components.clearml import state
from components.clearml.api.errors import ClearMLError
from components.clearml.provider import ClearMLProvider
from tests.state_paths import ONE_PATH, paths_in

ROOT = Path(__file__).resolve().parents[3]
RELEASED: Mapping[str, list[str]] = json.loads(Path(__file__).with_name("released_providers.json").read_text())

# Where states look for a provider, and the name in `state` under which its class is found today.
PATHS = {
    "components.clearml.admin_user:AdminUserProvider": "AdminUser",
    "components.clearml.company:CompanyProvider": "Company",
    "components.clearml.credentials:CredentialsProvider": "Credentials",
    "components.clearml.departures:DeparturesProvider": "Departures",
    "components.clearml.domains:DomainsProvider": "Domains",
    "components.clearml.features:FeaturesProvider": "Features",
    "components.clearml.group_ids:GroupIdsProvider": "GroupIds",
    "components.clearml.sso:SsoProvider": "Sso",
    "components.clearml.surplus_keys:SurplusKeysProvider": "SurplusKeys",
    "components.clearml.whitelist:WhitelistProvider": "WhitelistEntries",
}

# As a provider's process does: it may meet any of them first, before any module of ours was imported.
_LOAD_EACH_FIRST = """
import base64, json, sys
import dill
for name, texts in json.load(sys.stdin).items():
    for text in texts:
        for module in [each for each in sys.modules if each.partition(".")[0] == "components"]:
            del sys.modules[module]
        provider = dill.loads(base64.b64decode(text))
        from components.clearml import state
        print(name, state.name_of(type(provider)))
"""


def test_every_pickle_ever_released_loads_first_in_a_provider_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOAD_EACH_FIRST],
        input=json.dumps(RELEASED),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [f"{name} {name}" for name, texts in RELEASED.items() for _ in texts]


@pytest.mark.parametrize(("path", "name"), PATHS.items(), ids=PATHS.values())
def test_every_path_ever_released_leads_to_the_class_of_today(path: str, name: str) -> None:
    assert pkgutil.resolve_name(path) is type(state.provider(name))


def test_every_path_of_a_released_pickle_stands_in_the_table() -> None:
    found = {(path, name) for name, texts in RELEASED.items() for text in texts for path in paths_in(text)}
    assert found == {*PATHS.items(), *((ONE_PATH, name) for name in state.CLASSES)}


@pytest.mark.parametrize("name", state.CLASSES)
def test_a_state_written_now_holds_the_one_path_and_the_name(name: str) -> None:
    provider = state.provider(name)
    assert provider.__reduce__() == (state.provider, (name,))
    assert paths_in(serialize_provider(provider)) == [ONE_PATH]


def test_no_name_ever_released_is_lost() -> None:
    assert RELEASED.keys() == state.CLASSES.keys()


def test_a_class_that_no_state_could_name_is_refused_before_it_is_kept() -> None:
    class Nameless(ClearMLProvider):
        pass

    with pytest.raises(TypeError, match="Nameless is not in components"):
        serialize_provider(Nameless())


def test_a_name_of_a_later_version_is_told_in_one_line() -> None:
    with pytest.raises(ClearMLError, match="resource Later, unknown to this version: run the version that"):
        state.provider("Later")


def test_every_dynamic_resource_there_is_has_its_token_and_a_name_in_the_state() -> None:
    for module in pkgutil.walk_packages(components.__path__, "components."):
        import_module(module.name)
    tokens = {cls._resource_type_name for cls in _descendants(Resource) if cls.__module__.startswith("components.")}
    assert tokens == {f"dynamic/clearml:{name}" for name in RELEASED}


def _descendants(cls: type[Any]) -> set[type[Any]]:
    direct = set(cls.__subclasses__())
    return direct.union(*(_descendants(each) for each in direct))
