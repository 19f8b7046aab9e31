"""Which e-mail addresses are some, and what of them is sent: what was typed, with a canonical domain."""

from __future__ import annotations

import socket

import pytest
from pydantic import TypeAdapter, ValidationError

from settings.types.vocabulary import Email

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Jane.Doe+x@Example.COM.", "Jane.Doe+x@example.com"),
        ("o'neil@corp.local", "o'neil@corp.local"),
        ("a@münchen.example", "a@xn--mnchen-3ya.example"),
        ("{x}!#$%&*/=?^_`|~-@b.example", "{x}!#$%&*/=?^_`|~-@b.example"),
        ("a@b.invalid", "a@b.invalid"),
        ("a@ab--cd.example", "a@ab--cd.example"),
        ("POSTMASTER@example.com", "POSTMASTER@example.com"),
        (f"{'x' * 64}@b.example", f"{'x' * 64}@b.example"),
    ],
)
def test_an_address_is_sent_as_typed(typed: str, sent: str) -> None:
    assert _EMAIL.validate_python(typed) == sent


@pytest.mark.parametrize(
    "text",
    ["", "@", "@b.example", "a@", "a", "a@b", "a..b@b.example", ".a@b.example", "a.@b.example", '"a b"@b.example',
     "Ann <a@b.example>", "a@b@b.example", "jörg@b.example", "\uff41@b.example", "a\u200b@b.example", " a@b.example",
     "a @b.example", "a@b.example\n", "a@[10.0.0.7]", "a@10.0.0.7", "(x)a@b.example", "a(x)@b.example",
     f"{'x' * 65}@b.example"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="is not an email address; write it like jane@"):
        _EMAIL.validate_python(text)


def test_no_name_server_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    monkeypatch.setattr(socket, "getaddrinfo", None)
    assert _EMAIL.validate_python("a@nowhere.invalid") == "a@nowhere.invalid"
