"""The words of the configuration as types: each has one message, with an example in it.

A message is the text of a ValueError, which pydantic carries to `settings.loading.messages`.
"""

from __future__ import annotations

import re
from typing import Annotated
from unicodedata import normalize

import idna
from email_validator import EmailNotValidError
from email_validator.syntax import validate_email_local_part
from pydantic import AfterValidator, WithJsonSchema

from settings.types.feature_catalogue import CATALOGUE
from settings.types.letters.confusable import mixed_word
from settings.types.letters.invisible import refuse_unseen
from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds, matching

DNS_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}\Z){DNS_LABEL}(?:\.{DNS_LABEL})*")
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z)(?:{DNS_LABEL}\.)+(?!\d+\Z){DNS_LABEL}")
_ACCESS_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ENVIRONMENT_WORD = r"[a-z0-9]+(?:_[a-z0-9]+)*"
_COMPANY_LENGTH = 500


def canonical_host(domain: str) -> str:
    """What DNS says is the same, written the same: lower case, without a trailing dot, `münchen` as its punycode."""
    folded = domain.lower().removesuffix(".")
    if not folded.isascii():
        try:
            folded = idna.encode(folded, uts46=True).decode()
        except idna.IDNAError:
            return domain
    return folded.removesuffix(".")


def _domain(text: str) -> str:
    """Canonical: what DNS says is the same is the same here."""
    canonical = canonical_host(text)
    if not _DOMAIN.fullmatch(canonical):
        raise ValueError(f"{quoted(text)} is not a domain; write it like example.com")
    return canonical


def _email(text: str) -> str:
    """The local part stays as written, the domain is canonical."""
    local, _, domain = text.rpartition("@")
    canonical = canonical_host(domain)
    if not _is_local_part(local) or not _DOMAIN.fullmatch(canonical):
        raise ValueError(f"{quoted(text)} is not an email address; write it like jane@example.com")
    return f"{local}@{canonical}"


def _is_local_part(text: str) -> bool:
    """By the standards' grammar, without quotes and in ASCII, as the server takes it; no name server is asked.

    The domain is judged by itself: the library refuses `.local` and the like, which companies use inside. Its function
    for a whole address takes ten times as long, which a thousand tenants' files would feel.
    """
    try:
        validate_email_local_part(text, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return False
    return True


def _company_name(text: str) -> str:
    refuse_unseen(text, "a company's name", "Acme Inc.")
    if len(text.strip()) < 3:
        raise ValueError(
            f"{quoted(text)} is not a company's name: at least 3 printable characters; write it like Acme Inc."
        )
    if len(text) > _COMPANY_LENGTH:
        raise ValueError(f"{quoted(text[:20])}… has {len(text)} characters; write at most {_COMPANY_LENGTH}")
    if normalize("NFC", text) != text:
        raise ValueError(f"{quoted(text)} writes letters in parts (Unicode NFD), unlike keyboards; type the name anew")
    if word := mixed_word(text):
        raise ValueError(
            f"{quoted(text)} has letters of several alphabets in {word!r}, which look alike; type the name anew"
        )
    return text


def _access_key(text: str) -> str:
    """A secret key is longer, and is shown nowhere: contract 2.3."""
    if not _ACCESS_KEY.fullmatch(text):
        raise ValueError(
            f"a text of {len(text)} characters (not shown: it may be a secret) is not an access key: 8 to 40 letters, "
            "digits, - and _; write it as make status lists it, like GPW7KQX2MZ4T9B1C6D8E3F5H0J2L4N, and a secret key "
            "into no file"
        )
    return text


def _group_id(text: str) -> str:
    """Lower case, so that equal ones are written the same."""
    canonical = text.lower()
    if not _UUID.fullmatch(canonical):
        raise ValueError(
            f"{quoted(text)} is not a UUID; write it like 6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10, or leave it out: "
            "one is made"
        )
    return canonical


def _name(what: str, example: str) -> AfterValidator:
    """Takes what people see, in any letters."""

    def check(text: str) -> str:
        refuse_unseen(text, what, example)
        if not text.strip():
            raise ValueError(f"{quoted(text)} is not {what}: printable, not empty; write it like {example}")
        return text

    return AfterValidator(check)


def _text(text: str) -> str:
    if not text or text != text.strip() or not text.isprintable():
        raise ValueError(
            f"{quoted(text)} is empty, or starts or ends with a space, or holds a control character; remove that"
        )
    return text


def environment_word(example: str) -> AfterValidator:
    """Part of a `CLEARML__…` variable, whose path is lower-cased and split at `__` and `.`: contract 3.1."""
    return matching(_ENVIRONMENT_WORD, f"cannot stand in a variable's name; write it like {example}")


Domain = Annotated[str, Holds("a domain"), AfterValidator(_domain)]
Email = Annotated[str, Holds("an e-mail address"), AfterValidator(_email)]
# It stands in a link as it is.
ExternalTenant = Annotated[
    str,
    Holds("an external tenant's id"),
    matching(
        r"[A-Za-z0-9](?:[A-Za-z0-9._~-]{0,126}[A-Za-z0-9])?",
        "is not an external tenant's id: letters, digits and - . _ ~; write it like acme",
    ),
]
CompanyName = Annotated[str, Holds("a company's name, of at least 3 characters"), AfterValidator(_company_name)]
PersonName = Annotated[str, Holds("a person's name"), _name("a person's name", "Jane Doe")]
AccessKey = Annotated[str, Holds("an access key"), AfterValidator(_access_key)]
CompanyId = Annotated[
    str,
    Holds("a company's id"),
    matching("[0-9a-f]{32}", "is not a company's id; write it like d1bd92a3b039400cbafc60a7a5b1e52b"),
]
# An editor offers the catalogue; whether a name is in it is checked with the nearest name at hand.
_FEATURES = WithJsonSchema({"type": "string", "enum": list(CATALOGUE)})
_WORD = Holds("a word in lower case")
Feature = Annotated[str, _WORD, environment_word("user_management"), _FEATURES]
Role = Annotated[str, _WORD, environment_word("user_management")]
# A group that the variable's path would split or fold into another is refused.
GroupKey = Annotated[
    str,
    _WORD,
    matching(
        _ENVIRONMENT_WORD,
        "cannot be a group's key: the server lower-cases it and splits it at __ and . ; write it like data_scientists, "
        "and how people see it as its name",
    ),
]
GroupName = Annotated[str, Holds("a group's name"), _name("a group's name", "Data Scientists")]
GroupId = Annotated[str, Holds("a UUID"), AfterValidator(_group_id)]
Version = Annotated[
    str,
    Holds("a version"),
    matching(r"[0-9]{1,5}(?:\.[0-9]{1,5}){1,3}", "is not a version; write it like '3.26.8'"),
]
Text = Annotated[str, AfterValidator(_text)]
