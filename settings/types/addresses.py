"""Addresses, their ranges and ports, as settings write them, and what has to be cut out of a range."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, collapse_addresses, ip_address, ip_network
from typing import Annotated, Literal, cast

from pydantic import AfterValidator, BeforeValidator

from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds
from settings.types.vocabulary import HOST, canonical_host

Range = IPv4Network | IPv6Network
Protocol = Literal["TCP", "UDP", "SCTP"]

_PORTS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(TCP|UDP|SCTP))?")
# IPv4 addresses in the clothes of IPv6: what is cut out of IPv4 ranges would not be cut out of these.
_MAPPED = IPv6Network("::ffff:0:0/96")


# In a URL it stands in brackets, as its colons would pass for a port.
IPV6_IN_URL = r"\[[0-9A-Fa-f:.]{2,45}\]"


def same_address(text: str) -> str:
    """What a host name or an IP address is compared by: every way of writing one is the same."""
    # A name has neither, and to fail at one takes as long as to read ten addresses.
    if ":" not in text and not text[-1:].isdigit():
        return canonical_host(text)
    try:
        address = ip_address(text)
    except ValueError:
        return canonical_host(text)
    return str(getattr(address, "ipv4_mapped", None) or address)


def host_in_url(text: str) -> str | None:
    """The host of a URL as it is compared, an IPv6 address without its brackets; None if it is no host."""
    if not text.startswith("["):
        return same_address(text) if HOST.fullmatch(text.lower()) else None
    try:
        return same_address(str(IPv6Address(text[1:-1])))
    except ValueError:
        return None


def in_url(host: str, port: int | None = None) -> str:
    """A host as `host_in_url` gives it, as a URL has it, and the port if there is one."""
    written = f"[{host}]" if ":" in host else host
    return written if port is None else f"{written}:{port}"


def without_port(text: str) -> tuple[str, str]:
    """The host of a URL as it is written, and what stands behind its colon."""
    end = text.find("]") + 1
    host, _, port = text[end:].partition(":")
    return text[:end] + host, port


def _address(text: str) -> str:
    """Stays as written."""
    try:
        ip_address(text)
    except ValueError:
        if not HOST.fullmatch(canonical_host(text)) or text.replace(".", "").isdigit():
            raise ValueError(f"{quoted(text)} is no host's name and no IP address; write it like 10.0.0.7") from None
    return text


Address = Annotated[str, Holds("a host's name or an IP address"), AfterValidator(_address)]


@dataclass(frozen=True)
class Ports:
    """The ports from `first` to `last`, both included."""

    first: int
    last: int
    protocol: Protocol


def _cidr(text: str) -> str:
    try:
        found = ip_network(text)
    except ValueError:
        found = None
    if found is None or (isinstance(found, IPv6Network) and found.subnet_of(_MAPPED)):
        raise ValueError(
            f"{quoted(text)} is not a range of addresses (no bits beyond its length); write it like {_range_of(text)}"
        )
    return str(found)


def _range_of(text: str) -> str:
    """The range that an address with a length is in; an example for another text."""
    try:
        return str(IPv4Network(text, strict=False))
    except ValueError:
        return "10.0.0.0/8"


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _ports(text: str) -> str:
    match = _PORTS.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= int(match[2] or match[1]) <= 65535:
        raise ValueError(f"{quoted(text)} is not a port; write it like 443, 8000-8100 or 53/UDP")
    return text


Cidr = Annotated[str, Holds("a range of addresses"), AfterValidator(_cidr)]
PortText = Annotated[str, Holds("a port or a range of ports"), BeforeValidator(_number_as_text), AfterValidator(_ports)]


def ports_of(text: PortText) -> Ports:
    """What a checked text says; TCP if it names no protocol. Raises ValueError for one that was not checked."""
    match = _PORTS.fullmatch(text)
    if not match:
        raise ValueError(text)
    return Ports(int(match[1]), int(match[2] or match[1]), cast("Protocol", match[3] or "TCP"))


def version_of(cidr: str) -> int:
    """4 or 6."""
    return ip_network(cidr).version


def is_single(cidr: str) -> bool:
    """Whether the range is one address."""
    return ip_network(cidr).num_addresses == 1


def holder(cidr: str, ranges: Iterable[str]) -> str | None:
    """The one of `ranges`, joined where they touch, that holds all of `cidr`."""
    whole = ip_network(cidr)
    return next((str(each) for each in _joined(whole, ranges) if _within(whole, each)), None)


def cut_out(cidr: str, ranges: Iterable[str]) -> list[str]:
    """The parts of `cidr` that belong to `ranges`, joined where they touch; two ranges either nest or are apart."""
    whole = ip_network(cidr)
    return [str(each) for each in _joined(whole, ranges) if _within(each, whole)]


def _joined(like: Range, ranges: Iterable[str]) -> list[Range]:
    """Those of `ranges` that are of the same IP version as `like`."""
    same = [each for each in map(ip_network, ranges) if each.version == like.version]
    return list(collapse_addresses(same))  # type: ignore[type-var]


def _within(inner: Range, outer: Range) -> bool:
    return inner.subnet_of(outer)  # type: ignore[arg-type]
