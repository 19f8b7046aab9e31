"""Whatever a text holds, the server reads the same text, or we refuse it without showing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pyhocon import ConfigFactory

from components.values.environment import literal
from components.values.groups import group_environment
from components.values.hocon import HoconError, plain, quoted, word
from local.emulator.configuration.environment import read_environment
from settings.loading.secrets import Secrets
from settings.models.groups import Groups
from settings.models.stack import StackSettings
from settings.types.plain import is_plain
from tests.unit import generated

PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\t\n\r"))
PLAIN = st.from_regex(r"(true|false|null|on|[A-Za-z])[A-Za-z0-9_-]{0,40}", fullmatch=True)


def _read(value: str) -> Any:
    return ConfigFactory.parse_string(f"a.b: {value}")["a.b"]


@given(PRINTABLE)
def test_a_quoted_text_is_read_as_the_same_text(text: str) -> None:
    assert _read(quoted(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "10", "007", "1e5", "10s", "5 days", "true", "null", "a#b", "a@b.c", "a,b", "[a]", "{a}", "${HOME}", "${?A}",
     '"', '"""', "\\", "\\\\", "\\n", "\\u00e9", "é", "\u2028", "🎉", "//", "#", " a ", "a\tb", "a\nb", "$(HOME)", "="],
)  # fmt: skip
def test_what_hocon_would_change_unquoted_survives(text: str) -> None:
    assert _read(quoted(text)) == text


@given(PRINTABLE)
def test_a_word_is_read_as_the_same_text(text: str) -> None:
    assert _read(word(text)) == text


@given(PLAIN)
def test_a_plain_text_needs_no_quotes(text: str) -> None:
    if is_plain(text):
        assert _read(text) == text


@pytest.mark.parametrize("text", ["", "1abc", "12345", "a.b", "a b", "a#b", "true", "True-x", "NULL", "on", "-a", "é"])
def test_what_is_not_plain_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(HoconError, match="apiserverKey") as refusal:
        plain(text, "apiserverKey")
    assert not text or repr(text) not in str(refusal.value)


def test_a_control_character_is_refused_and_the_text_not_shown() -> None:
    with pytest.raises(HoconError) as refusal:
        quoted("secret\x00text")
    assert "secret" not in str(refusal.value)


@given(st.text(st.sampled_from("$()aé")))
def test_kubernetes_expands_nothing_in_a_value(text: str) -> None:
    assert _expanded(literal(text)) == text


def _expanded(value: str) -> str:
    """Kubernetes' own rule (third_party/forked/golang/expansion), with no variable known."""
    out, rest = "", value
    while rest:
        if rest.startswith("$$"):
            out, rest = out + "$", rest[2:]
        elif rest.startswith("$(") and ")" in rest:
            out, rest = out + "<expanded>", rest[rest.index(")") + 1 :]
        else:
            out, rest = out + rest[0], rest[1:]
    return out


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\t\n\r")))
def test_a_quoted_text_survives_kubernetes_and_the_server(text: str) -> None:
    assert read_environment({"CLEARML__a__b": _expanded(literal(quoted(text)))}) == {"a": {"b": text}}


# Not shrunk: that takes minutes, and what is told names the variable anyway.
@settings(max_examples=100, phases=[Phase.generate])
@given(generated.stacks(), generated.NAMES, generated.NAMES)
def test_everything_that_a_stack_says_arrives_as_it_was_said(stack: StackSettings, key: str, secret: str) -> None:
    """Every variable that the values hold for generated settings, one by one."""
    variables = generated.deployed_environment(stack, Secrets("key", "secret", key, secret))
    told = read_environment(variables)
    assert told == _said(stack, key, secret)
    assert len(variables) == sum(1 for _ in _leaves(told))


def _said(stack: StackSettings, key: str, secret: str) -> dict[str, Any]:
    """The tree that the server must have, written down without any of the code that tells it."""
    supervisor = stack.server.supervisor
    lifetime, login = stack.server.key_lifetime_seconds, stack.server.multi_tenant_login
    groups = {name: {"features": list(group.features)} for name, group in stack.groups.built_in()} | {
        name: {
            "id": group.id,
            "name": group.name,
            "features": list(group.features),
            "assignable": group.assignable,
            "system": False,
        }
        for name, group in stack.groups.cross_tenant()
    }
    services = {
        "organization": {"features": dict(stack.features)},
        "auth": {
            "ui_features_per_role": {role: dict(each) for role, each in stack.ui_features_per_role.items()},
            "default_groups": groups,
        },
        "workers": {"resource_usages": {"supervisor_company": supervisor.company}},
        "login": {"sso": {"tenant_login": True, "allow_settings_providers": False} if login else {}},
    }
    identity = {
        "role": "system",
        "allow_login": True,
        "user_key": key,
        "user_secret": secret,
        "sec_groups": list(supervisor.groups),
        "email": supervisor.email,
    }
    expiry = {} if lifetime is None else {"default_expiration_sec": lifetime}
    apiserver = {"company": {"unique_names": stack.server.unique_names}, "auth": {"credentials": expiry}}
    whole = {"services": services, "secure": {"credentials": {"supervisor": identity}}, "apiserver": apiserver}
    return cast("dict[str, Any]", _without_empty(whole))


def _without_empty(tree: object) -> object:
    """A mapping without those below it that say nothing."""
    if not isinstance(tree, dict):
        return tree
    kept = {name: _without_empty(each) for name, each in tree.items()}
    return {name: each for name, each in kept.items() if each != {}}


def _leaves(tree: dict[str, Any]) -> Iterator[object]:
    for each in tree.values():
        yield from _leaves(each) if isinstance(each, dict) else [each]


@pytest.mark.parametrize("key", ["my__group", "my.group", "Data_Scientists", "MLOps", "a b", "_a", "a_", "é", ""])
def test_a_group_that_the_path_would_split_or_fold_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="cannot be a group's key"):
        Groups.model_validate({key: {"name": "x", "features": []}}, by_alias=True, by_name=False)


@given(generated.KEYS)
def test_a_group_that_is_taken_is_found_under_its_key(key: str) -> None:
    groups = Groups.model_validate({key: {"name": "x", "features": []}}, by_alias=True, by_name=False)
    (entry, *_) = group_environment(groups, {key: generated.GROUP_ID})
    assert read_environment({entry["name"]: str(entry["value"])}) == {
        "services": {"auth": {"default_groups": {key: {"id": generated.GROUP_ID}}}}
    }
