"""Names that look alike are compared as the same, and no honest name is taken for a mixture."""

from __future__ import annotations

import pytest

from settings.types.letters.confusable import disguise_of, mixed_word, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u0430\u0441\u043c\u0435", "acme"),
        ("\u041e\u0420\u0415\u041a", "\u043e\u0440\u0435\u043a"),
        ("\uff21\uff23\uff2d\uff25", "Acme"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("STRASSE", "stra\u00dfe"),
        ("Acme\u0332", "Acme"),
        ("A\u1d04\u1d0d\u1d07", "acme"),
        ("Ac\u3164me\ufe0e", "acme"),
        ("G1obex Corp0ration", "Globex Corporation"),
        ("Acme Inc.", "Acme Inc"),
    ],
)
def test_what_looks_alike_is_the_same(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_what_does_not_is_not() -> None:
    assert skeleton("Acme") != skeleton("Acne")


@pytest.mark.parametrize(
    "name",
    [
        "Caf\u00e9 \u0420\u043e\u043c\u0430\u0448\u043a\u0430",
        "\u6771\u4eac Acme",
        "3M",
        "Acme \u03a9",
        "M\u00fcnchner R\u00fcck",
    ],
)
def test_words_of_one_alphabet_each_are_honest(name: str) -> None:
    assert mixed_word(name) == ""


def test_a_word_of_two_is_told() -> None:
    assert mixed_word("Acme \u0406nc.") == "\u0406nc"


@pytest.mark.parametrize("host", ["\u0430\u0440\u0440.example.com", "acm\u0435.example.com"])
def test_a_host_that_is_shown_as_another_is_told(host: str) -> None:
    assert disguise_of(host.encode("idna").decode()) == host


@pytest.mark.parametrize(
    "host",
    [
        "app.example.com",
        "m\u00fcnchen.example.com",
        "\u0440\u043e\u0433\u0430.example.com",
        "xn--.example",
        "xn--fa-hia.example",
    ],
)
def test_a_host_of_its_own_letters_is_honest(host: str) -> None:
    assert disguise_of(host if host.isascii() else host.encode("idna").decode()) == ""
