"""The emulated API gets the environment that a kubelet would give the container, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from local.kubelet.environment import Environment, Reference, Sources, UnresolvedError, references, resolve

SECRET = Reference("Secret", "clearml-conf")
CONFIG = Reference("ConfigMap", "more")
SOURCES: Sources = {
    SECRET: {"apiserver_key": "K$(A)", "apiserver_secret": '"S"'},
    CONFIG: {"A": "from config", "B": "b"},
}


def from_secret(name: str, key: str, **more: object) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": "clearml-conf", "key": key, **more}}}


def variables(*env: dict[str, Any], sources: Sources = SOURCES, **container: object) -> dict[str, str]:
    return dict(resolve({"env": list(env), **container}, sources).variables)


def test_plain_values_arrive_as_they_are_written() -> None:
    written = '"\\"email@example.com\\""'
    assert variables({"name": "A", "value": written}) == {"A": written}


def test_an_entry_without_value_is_empty() -> None:
    assert variables({"name": "A"}) == {"A": ""}


def test_secrets_and_config_maps_are_looked_up() -> None:
    config = {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "more", "key": "B"}}}
    assert variables(from_secret("KEY", "apiserver_secret"), config) == {"KEY": '"S"', "B": "b"}


def test_a_later_entry_wins() -> None:
    assert variables({"name": "A", "value": "1"}, {"name": "A", "value": "2"}) == {"A": "2"}


def test_whole_maps_come_first_with_their_prefix() -> None:
    whole = [{"configMapRef": {"name": "more"}, "prefix": "X_"}, {"configMapRef": {"name": "more"}}]
    found = variables({"name": "A", "value": "own"}, envFrom=whole)
    assert found == {"X_A": "from config", "X_B": "b", "A": "own", "B": "b"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("$(A)-1", "a-1"),
        ("$(LATER)", "$(LATER)"),
        ("$$(A)", "$(A)"),
        ("$A ${A} 100$", "$A ${A} 100$"),
        ("$(A", "$(A"),
        ("$$$$", "$$"),
    ],
)
def test_references_between_values_are_expanded_like_a_kubelet_does(written: str, read: str) -> None:
    found = variables({"name": "A", "value": "a"}, {"name": "B", "value": written}, {"name": "LATER", "value": "x"})
    assert found["B"] == read


def test_nothing_is_expanded_in_what_a_secret_holds() -> None:
    assert variables({"name": "A", "value": "a"}, from_secret("KEY", "apiserver_key"))["KEY"] == "K$(A)"


def test_a_missing_key_names_variable_secret_and_key() -> None:
    with pytest.raises(UnresolvedError, match=r"^variable KEY: Secret clearml-conf has no key nope$"):
        variables(from_secret("KEY", "nope"))


def test_a_missing_secret_names_variable_and_secret() -> None:
    with pytest.raises(UnresolvedError, match=r"^variable KEY: Secret clearml-conf does not exist$"):
        variables(from_secret("KEY", "apiserver_key"), sources={SECRET: None})


def test_a_missing_whole_map_is_named() -> None:
    with pytest.raises(UnresolvedError, match="Secret clearml-conf, which the environment needs, does not exist"):
        variables(sources={}, envFrom=[{"secretRef": {"name": "clearml-conf"}}])


def test_what_is_optional_may_be_missing() -> None:
    whole = [{"secretRef": {"name": "clearml-conf", "optional": True}}]
    assert variables(from_secret("KEY", "nope", optional=True), sources={}, envFrom=whole) == {}


def test_what_only_a_real_node_knows_is_refused() -> None:
    with pytest.raises(UnresolvedError, match="variable IP: fieldRef"):
        variables({"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}})


def test_every_reference_is_found_once() -> None:
    container = {"env": [from_secret("A", "a"), from_secret("B", "b")], "envFrom": [{"configMapRef": {"name": "more"}}]}
    assert references(container) == {SECRET, CONFIG}


def test_secrets_are_known_as_such_and_never_shown() -> None:
    found = resolve({"env": [from_secret("KEY", "apiserver_secret"), {"name": "A", "value": "plain"}]}, SOURCES)
    assert found.secrets == {'"S"'}
    assert repr(found) == repr(Environment({}, frozenset()))
