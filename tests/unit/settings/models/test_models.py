"""Every settings model, however deep, refuses keys that it does not know, and no run can change what it was told."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from pydantic import BaseModel

import settings
from settings.models.base import Settings

# Its keys are names that people choose, checked by their own rule; what is under them is a model of this test.
_NAMED = frozenset({"Groups"})


def _below(model: type[BaseModel]) -> set[type[BaseModel]]:
    return {model}.union(*(_below(each) for each in model.__subclasses__()))


def _models() -> list[type[BaseModel]]:
    """All that any module of `settings` defines, whether a file reaches it or not."""
    for each in pkgutil.walk_packages(settings.__path__, "settings."):
        if each.name != "settings.__main__":
            importlib.import_module(each.name)
    found = {each for each in _below(BaseModel) if each.__module__.startswith("settings.")}
    return sorted(found, key=lambda each: f"{each.__module__}.{each.__qualname__}")


def test_all_are_found() -> None:
    assert {"StackFile", "TenantFile", "Network", "Cluster", "StreamSession"} <= {each.__name__ for each in _models()}


@pytest.mark.parametrize("model", _models(), ids=lambda each: each.__name__)
def test_it_is_closed_frozen_and_strict(model: type[BaseModel]) -> None:
    assert issubclass(model, Settings)
    assert model.model_config["extra"] == ("allow" if model.__name__ in _NAMED else "forbid")
    assert model.model_config["frozen"]
    assert model.model_config["strict"]
    assert model.model_config["hide_input_in_errors"]


@pytest.mark.parametrize(
    "model", [each for each in _models() if each.__name__ not in _NAMED], ids=lambda each: each.__name__
)
def test_a_key_that_it_does_not_know_is_a_fault(model: type[BaseModel]) -> None:
    with pytest.raises(ValueError, match="unheardOf\n  Extra inputs are not permitted"):
        model.model_validate({"unheardOf": 1}, by_alias=True, by_name=False)
