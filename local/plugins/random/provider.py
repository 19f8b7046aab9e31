"""The kinds of the `random` provider that the stand-in knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata

from local.plugins.contract import Kind
from local.plugins.errors import PluginError
from local.plugins.properties import Properties
from local.plugins.random.identifier import Identifier
from local.plugins.random.integer import Integer
from local.plugins.random.kind import RandomKind
from local.plugins.random.password import Password, String
from local.plugins.random.uuid import Uuid


class RandomProvider:
    """Nothing to configure, nothing outside the state: every kind is made once and kept."""

    name = "random"
    version = metadata.version("pulumi_random")

    def __init__(self) -> None:
        recipes = (Uuid(), Password(), String(), Identifier(), Integer())
        self._kinds = {recipe.token: RandomKind(recipe) for recipe in recipes}

    def configure(self, _variables: Mapping[str, str]) -> None:
        pass

    def kind(self, token: str) -> Kind:
        if token not in self._kinds:
            raise PluginError(f"{token}: the stand-in random plugin does not know this type; use the official plugin")
        return self._kinds[token]

    def config_replaces(self, _olds: Properties, _news: Properties) -> Sequence[str]:
        return ()
