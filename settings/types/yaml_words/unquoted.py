"""Texts that charts write without quotes, so that each has to mean itself: in YAML, and a cookie's name in HOCON too.

ClearML's public charts write so the sign-in cookie, ingress classes, certificates' Secrets, releases and namespaces.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds
from settings.types.yaml_words.helm_words import NotJsonError, meaning

_COOKIE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# What HOCON reads as a value of its own, also at the start: pyhocon makes `True-x` of `true-x`.
_HOCON_WORDS = ("true", "false", "null")
# A browser keeps a cookie of this name only for one host, and the server sets its own for a domain.
_ONE_HOST = "__host-"
_OBJECT = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")


def is_text(word: str) -> bool:
    """Whether YAML reads `word` as the text that it is, when it stands without quotes."""
    try:
        return meaning(word) == word and not _DATE.fullmatch(word)
    except NotJsonError:
        return False


def refuse_word(text: str, example: str) -> None:
    """Raises ValueError if `text` is a word of YAML."""
    if not is_text(text):
        raise ValueError(
            f"{quoted(text)} means something else in YAML, and charts write it without quotes; write it like {example}"
        )


def _cookie_name(text: str) -> str:
    folded = text.lower()
    if not _COOKIE.fullmatch(text) or folded.startswith(_HOCON_WORDS) or not is_text(text):
        raise ValueError(
            f"{quoted(text)} is no cookie's name that every part of the server reads alike: a letter or _, then "
            "letters, digits, - . and _, and no word like true or on; write it like clearml_token_basic"
        )
    if folded.startswith(_ONE_HOST):
        raise ValueError(
            f"{quoted(text)} is kept by browsers only without a domain, and the server sets its cookie for one; write "
            "it like __Secure-clearml_token"
        )
    return text


def _object_name(text: str) -> str:
    return _named(text, "clearml-tls")


def _ingress_class(text: str) -> str:
    return _named(text, "nginx")


def _named(text: str, example: str) -> str:
    if not text:
        raise ValueError(f"is empty; leave it out for the cluster's own default, or write it like {example}")
    if not _OBJECT.fullmatch(text):
        raise ValueError(
            f"{quoted(text)} is no name of an object of Kubernetes: lower-case letters, digits, - and . ; write it "
            f"like {example}"
        )
    refuse_word(text, example)
    return text


CookieName = Annotated[str, Holds("a cookie's name"), AfterValidator(_cookie_name)]
ObjectName = Annotated[str, Holds("the name of an object of Kubernetes"), AfterValidator(_object_name)]
IngressClass = Annotated[str, Holds("an ingress class"), AfterValidator(_ingress_class)]
