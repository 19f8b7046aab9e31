"""Addresses of services as types: each has one message, with an example in it, and none shows a login."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from settings.types.secrets.url_login import holds_login, quoted
from settings.types.vocabulary import HOST, same_address

_URL = re.compile(r"https?://([^/?#\s:@]+)(?::([0-9]{1,5}))?")
_STORAGE_URL = re.compile(r"(?:s3|gs|azure|https?)://[A-Za-z0-9][A-Za-z0-9._-]*(?::[0-9]{1,5})?(?:/[^?#\s\\]+)?")
_ENDPOINT_URL = re.compile(r"(https://[^/?#\s:@]+(?::[0-9]{1,5})?)/[^#\s]+")


def without_login(text: str) -> str:
    """An address is shown and kept in plain text, wherever it stands."""
    if holds_login(text):
        raise ValueError(
            f"{quoted(text)} holds a login or a token in plain text; take it out, and have another made in its place"
        )
    return text


def _url(text: str) -> str:
    url = without_login(text).rstrip("/")
    if not _is_address(url):
        raise ValueError(
            f"{quoted(text)} is not an address without a path; write it like https://api.clearml.example.com"
        )
    return url


def host_of(url: str) -> str:
    """What an address without a path leads to, however it is written: the host, and the port if it is not 80 or 443."""
    match = _URL.fullmatch(url)
    if not match:
        raise ValueError(url)
    host = same_address(match[1])
    return host if int(match[2] or 443) in (80, 443) else f"{host}:{int(match[2])}"


def _is_address(url: str) -> bool:
    match = _URL.fullmatch(url)
    return bool(match and HOST.fullmatch(match[1].lower()) and int(match[2] or 1) in range(1, 65536))


def _endpoint_url(text: str) -> str:
    """A secret goes there, so never without TLS."""
    match = _ENDPOINT_URL.fullmatch(without_login(text))
    if not match or not _is_address(match[1]) or not text.isprintable():
        raise ValueError(
            f"{quoted(text)} is not an https address with a path; write it like https://idp.example.com/realms/acme/token"
        )
    return text


def _storage_url(text: str) -> str:
    url = without_login(text).rstrip("/")
    if not _STORAGE_URL.fullmatch(url) or not url.isprintable():
        raise ValueError(
            f"{quoted(text)} is not an address of storage; write it like s3://bucket/folder, gs://bucket or "
            "https://files.example.com"
        )
    return url


Url = Annotated[str, AfterValidator(_url)]
EndpointUrl = Annotated[str, AfterValidator(_endpoint_url)]
StorageUrl = Annotated[str, AfterValidator(_storage_url)]
