"""When a certificate ends and how long its key is, read from its DER form. Pure.

It judges nothing: whether a server trusts it is the server's to say.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

_INTEGER, _BITS, _SEQUENCE, _UTC_TIME, _TIME, _VERSION = 0x02, 0x03, 0x30, 0x17, 0x18, 0xA0
# rsaEncryption, RFC 8017 appendix C.
_RSA = bytes.fromhex("06092a864886f70d010101")
_LONG_LENGTH = 0x80


@dataclass(frozen=True)
class Certificate:
    """`ends` with its time zone; `rsa_bits` is 0 for a key of another kind."""

    ends: datetime
    rsa_bits: int


def decoded(text: str) -> bytes:
    """The bytes that stand in base64, over several lines or not. Raises ValueError."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None


def is_private_key(der: bytes) -> bool:
    """Whether it looks like one: PKCS #1, PKCS #8 and SEC 1 begin with a number, a certificate does not."""
    try:
        (tag, _), *_ = _parts(_parts(der)[0][1])
    except (ValueError, IndexError):
        return False
    return tag == _INTEGER


def certificate_of(der: bytes) -> Certificate:
    """The certificate (section 4.1 of RFC 5280). Raises ValueError for what is none."""
    try:
        (signed_tag, signed), *_ = _parts(_parts(der)[0][1])
        fields = [each for each in _parts(signed) if each[0] != _VERSION]
        _serial, _algorithm, _issuer, (_, validity), _subject, (_, key), *_ = fields
        (_, _start), (tag, end) = _parts(validity)
        (_, kind), (bits_tag, bits) = _parts(key)
        found = Certificate(_moment(tag, end), _rsa_bits(bits[1:]) if kind.startswith(_RSA) else 0)
    except (ValueError, IndexError):
        raise ValueError("is no certificate") from None
    if signed_tag != _SEQUENCE or bits_tag != _BITS:
        raise ValueError("is no certificate")
    return found


def _rsa_bits(key: bytes) -> int:
    (_, modulus), *_ = _parts(_parts(key)[0][1])
    return int.from_bytes(modulus, "big").bit_length()


def _moment(tag: int, value: bytes) -> datetime:
    """Two digits of a year below 50 are of this century (RFC 5280 on UTCTime)."""
    text = value.decode("ascii")
    if tag == _UTC_TIME:
        text = f"{'20' if text[:2] < '50' else '19'}{text}"
    elif tag != _TIME:
        raise ValueError("is no certificate")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each value, one behind the other. Raises ValueError."""
    found, at = [], 0
    while at < len(der):
        if at + 2 > len(der):
            raise ValueError("is cut off")
        tag, length, at = der[at], der[at + 1], at + 2
        if length >= _LONG_LENGTH:
            count = length - _LONG_LENGTH
            length, at = int.from_bytes(der[at : at + count], "big"), at + count
        if at + length > len(der):
            raise ValueError("is cut off")
        found.append((tag, der[at : at + length]))
        at += length
    return found
