"""Whatever a text holds, the server reads the same text, or we refuse it without showing it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhocon import ConfigFactory

from components.values.environment import literal
from components.values.hocon import HoconError, plain, quoted, word
from config.plain import is_plain

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
