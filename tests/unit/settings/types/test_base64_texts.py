"""Files of keys, and texts with a secret, are found in base64, however its lines are broken."""

from __future__ import annotations

from base64 import b64encode, encodebytes
from struct import pack

import pytest

from settings.types.secrets.looks import secret_looks

_TEXT = "#" * 900 + "\nexport DB_PASSWORD=hunter2\n" + "# é\n" * 300


def _keytab() -> bytes:
    names = b"".join(pack(">H", len(each)) + each for each in (b"ACME.EXAMPLE", b"worker"))
    entry = pack(">H", 1) + names + pack(">IIBHH", 1, 1700000000, 1, 18, 32) + bytes(range(32))
    return b"\x05\x02" + pack(">i", len(entry)) + entry


def _java_store(*kinds: int) -> bytes:
    certificate = b"\x00\x01a" + bytes(8) + b"\x00\x05X.509" + pack(">I", 300) + b"\x30\x82" + bytes(298)
    entries = b"".join(pack(">I", kind) + certificate for kind in kinds)
    return b"\xfe\xed\xfe\xed" + pack(">II", 2, len(kinds)) + entries + bytes(20)


def _forms(content: bytes) -> list[str]:
    lines = encodebytes(content).decode()
    return [b64encode(content).decode(), lines, lines.replace("\n", " "), f"kind: x\ndata:\n  a: {lines}\nb: c\n"]


@pytest.mark.parametrize(
    "content",
    [
        _keytab(),
        bytes.fromhex("3082094e0201033082090406092a864886f70d010701a08208f5") + bytes(200),  # PKCS 12
        bytes.fromhex("308204be020100300d06092a864886f70d010101050004") + bytes(200),  # PKCS 8
        bytes.fromhex("308204a40201000282010100") + bytes(range(200)),  # PKCS 1
        bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32)),  # Ed25519
        bytes.fromhex("3077020101 0420".replace(" ", "")) + bytes(range(90)),  # of an elliptic curve
        b"openssh-key-v1\x00\x00\x00\x00\x04none" + bytes(60),
        b"\xce\xce\xce\xce" + pack(">II", 2, 1) + bytes(60),
        _java_store(1),
        _java_store(2, 1),
    ],
)
def test_a_file_of_keys_is_found(content: bytes) -> None:
    assert [list(secret_looks({"fileContent": each}, "x")) for each in _forms(content)] == [["x.fileContent"]] * 4


@pytest.mark.parametrize(
    "content",
    [
        bytes.fromhex("3082030930820 1f1a003020102".replace(" ", "")) + bytes(range(200)),  # a certificate
        bytes.fromhex("30820122300d06092a864886f70d01010105000382010f00") + bytes(range(200)),  # a public key
        _java_store(2, 2),  # whom a server's Java trusts
        b"\x89PNG\r\n\x1a\n" + bytes(range(200)),
        b"DB_PASSWORD=${DB_PASSWORD}\nTOKEN=$(cat /run/secrets/token)\n",
    ],
)
def test_what_is_no_key_passes(content: bytes) -> None:
    assert [list(secret_looks({"fileContent": each}, "x")) for each in _forms(content)] == [[]] * 4


@pytest.mark.parametrize("shift", range(3))
def test_a_secret_far_inside_of_a_long_text_is_found(shift: int) -> None:
    content = ("#" * shift + _TEXT).encode()
    assert [list(secret_looks({"fileContent": each}, "x")) for each in _forms(content)] == [["x.fileContent"]] * 4
