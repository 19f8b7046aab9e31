"""Addresses of services as types: each has one message, with an example in it, and none shows a login."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator

from settings.types.addresses import IPV6_IN_URL, host_in_url, in_url, same_address
from settings.types.secrets.url_login import holds_login, quoted
from settings.types.texts import Holds
from settings.types.vocabulary import HOST

_HOST_AND_PORT = rf"({IPV6_IN_URL}|[^/?#\s:@\\]+)(?::([0-9]{{1,5}}))?"
_URL = re.compile(rf"https?://{_HOST_AND_PORT}")
_BUCKET_AND_PORT = rf"({IPV6_IN_URL}|[A-Za-z0-9][A-Za-z0-9._-]*)(?::([0-9]{{1,5}}))?"
_STORAGE_URL = re.compile(rf"(?:s3|gs|azure|https?)://{_BUCKET_AND_PORT}(?:/[^?#\s\\]+)?")
_SERVER_URL = re.compile(rf"(https?)://{_HOST_AND_PORT}(?:/[^?#\s\\]*)?")
# An IPv6 address that lacks its brackets.
_BARE_IPV6 = re.compile(r"(?:[a-z0-9]+://)?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:/.*)?")
# A Service as pods reach it; what stands before `svc` is its namespace.
_SERVICE = re.compile(r"(?:[^.]+\.)+([^.]+)\.svc(?:\.cluster\.local)?")
_PLACE = re.compile(rf"({IPV6_IN_URL}|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::([0-9]{{1,5}}))?")
_PROVIDER_URL = re.compile(rf"(https://{_HOST_AND_PORT})(?:/[^?#\s]*)?")
_ENDPOINT_URL = re.compile(rf"(https://{_HOST_AND_PORT})/[^#\s]+")


@dataclass(frozen=True)
class Target:
    """Where a URL leads to: `host` is written as it is compared, `port` is the scheme's own if none is written."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Target | None:
        """None if it is no http or https address, which tells of a bucket for instance."""
        match = _SERVER_URL.fullmatch(url.rstrip("/"))
        host = host_in_url(match[2]) if match else None
        if not match or not host or not 0 < int(match[3] or 1) < 65536:
            return None
        return cls(match[1], host, int(match[3] or (443 if match[1] == "https" else 80)))

    @property
    def namespace(self) -> str | None:
        """The namespace of a Service in the cluster, like `clearml` of `api.clearml.svc`; None of any other host."""
        match = _SERVICE.fullmatch(self.host)
        return match[1] if match else None

    @property
    def address(self) -> str | None:
        """The host as a range of one address; None of a name."""
        try:
            return f"{self.host}/{ip_address(self.host).max_prefixlen}"
        except ValueError:
            return None

    @property
    def place(self) -> str:
        """Host, and port unless it is a usual one: as `host_of` writes it."""
        return in_url(self.host, None if self.port in (80, 443) else self.port)


def without_login(text: str) -> str:
    """The text as it is: an address is shown and kept in plain text. Raises ValueError if it holds a login."""
    if holds_login(text):
        raise ValueError(
            f"{quoted(text)} holds a login or a token in plain text; take it out, and have another made in its place"
        )
    return text


def _like(text: str, is_right: Callable[[str], object], example: str, scheme: str = "https") -> str:
    """How to write it: as it is, where nothing but the scheme is missing."""
    if _BARE_IPV6.fullmatch(text):
        return f"an IPv6 address stands in brackets; write it like {scheme}://[fd00::1]:8443"
    whole = f"{scheme}://{text}"
    is_host = "://" not in text and "." in text.partition("/")[0]
    return f"write it like {whole if is_host and text.isprintable() and is_right(whole) else example}"


def _url(text: str) -> str:
    url = without_login(text).rstrip("/")
    if not _is_address(url):
        like = _like(url, _is_address, "https://api.clearml.example.com")
        raise ValueError(f"{quoted(text)} is not an address without a path; {like}")
    return url


def host_of(url: str) -> str:
    """What an address without a path leads to, however it is written: the host, and the port if it is not 80 or 443.

    Raises ValueError for what is no such address.
    """
    match = _URL.fullmatch(url)
    if not match:
        raise ValueError(url)
    host, port = host_in_url(match[1]) or match[1], int(match[2] or 443)
    return in_url(host, None if port in (80, 443) else port)


def host_alone(url: str) -> str:
    """The same without a port, which neither a name server nor a cookie asks for. Raises ValueError."""
    match = _URL.fullmatch(url)
    if not match:
        raise ValueError(url)
    return host_in_url(match[1]) or match[1]


def _is_address(url: str) -> bool:
    match = _URL.fullmatch(url)
    return bool(match and host_in_url(match[1]) and int(match[2] or 1) in range(1, 65536))


def _is_endpoint(text: str) -> bool:
    match = _ENDPOINT_URL.fullmatch(text)
    return match is not None and _is_address(match[1]) and text.isprintable()


def _is_provider(text: str) -> bool:
    match = _PROVIDER_URL.fullmatch(text)
    return match is not None and _is_address(match[1]) and text.isprintable()


def _endpoint_url(text: str) -> str:
    """A secret goes there, so never without TLS."""
    if not _is_endpoint(without_login(text)):
        like = _like(text, _is_endpoint, "https://idp.example.com/realms/acme/token")
        raise ValueError(f"{quoted(text)} is not an https address with a path; {like}")
    return text


def _provider_url(text: str) -> str:
    """Stays as written: a slash at its end may be part of it."""
    if not _is_provider(without_login(text)):
        like = _like(text, _is_provider, "https://example.okta.com/oauth2/default/")
        raise ValueError(f"{quoted(text)} is not an https address; {like}")
    return text


def _storage_url(text: str) -> str:
    url = without_login(text).rstrip("/")
    if not _is_storage(url) or not url.isprintable():
        usual = "s3://bucket/folder, gs://bucket or https://files.example.com"
        raise ValueError(f"{quoted(text)} is not an address of storage; {_like(url, _is_storage, usual)}")
    return url


def _is_storage(text: str) -> bool:
    match = _STORAGE_URL.fullmatch(text)
    return bool(match and (not match[1].startswith("[") or host_in_url(match[1])))


def _server_url(text: str) -> str:
    url = without_login(text).rstrip("/")
    if Target.of(url) is None or not url.isprintable():
        usual = "https://api.clearml.example.com or http://clearml-enterprise-apiserver.clearml.svc:8008"
        like = _like(url, Target.of, usual, "http" if ".svc" in url else "https")
        raise ValueError(f"{quoted(text)} is not an address of the server; {like}")
    return url


def _server_place(text: str) -> str:
    match = _PLACE.fullmatch(text)
    host = host_in_url(match[1]) if match and text.startswith("[") else match and match[1]
    if not match or not host or text.endswith((":80", ":443")):
        example = "[fd00::1]:8443" if _BARE_IPV6.fullmatch(text) else "api.example.com:8443"
        raise ValueError(
            f"{quoted(text)} is no host, nor a bucket, with a port if it is not 80 or 443; write it like {example}"
        )
    return in_url(host, int(match[2]) if match[2] else None)


def host_with_port(url: str) -> str:
    """Host, or bucket, and port of an address or of storage as `serverHosts` names it; empty if it is neither."""
    if target := Target.of(url):
        return target.place
    match = _STORAGE_URL.fullmatch(url)
    if not match or not _is_storage(url):
        return ""
    host = host_in_url(match[1]) if match[1].startswith("[") else match[1].lower()
    return in_url(host or "", int(match[2]) if match[2] else None)


def _host_pattern(text: str) -> str:
    """Canonical; `*.` before a domain is every host directly below it, as an ingress has it."""
    star = "*." if text.startswith("*.") else ""
    domain = same_address(text.removeprefix("*."))
    if not HOST.fullmatch(domain) or "." not in domain or domain.rpartition(".")[2].isdigit():
        raise ValueError(f"{quoted(text)} is not a host; write it like router.example.com or *.router.example.com")
    return f"{star}{domain}"


Url = Annotated[str, Holds("an address without a path"), AfterValidator(_url)]
EndpointUrl = Annotated[str, Holds("an https address with a path"), AfterValidator(_endpoint_url)]
ProviderUrl = Annotated[str, Holds("an https address"), AfterValidator(_provider_url)]
StorageUrl = Annotated[str, Holds("an address of storage"), AfterValidator(_storage_url)]
ServerUrl = Annotated[str, Holds("an address of the server"), AfterValidator(_server_url)]
ServerPlace = Annotated[str, Holds("a host, with a port if it is not 80 or 443"), AfterValidator(_server_place)]
HostPattern = Annotated[str, Holds("a host's name, or `*.` and a domain"), AfterValidator(_host_pattern)]
