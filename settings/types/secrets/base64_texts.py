"""What stands in base64 inside a text, also in lines of a fixed length, and files of keys that are no text. Pure.

`base64 user.keytab` and its like are what people paste into a value where a file is to be.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator

# Enough for the shortest secret.
_WORD = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{28,}")
# What goes on in the next line, or behind the space that YAML made of the line's end.
_NEXT = re.compile(r"\s+([A-Za-z0-9+/_-]+)(?=={0,2}(?:[\s\"\',]|\Z))")
_LONGEST_WORD = 300_000
# Files that hold keys or tickets, by how they begin.
_KEY_FILES = (
    *(rb"\x05[\x01\x02]\x00\x00[\x00-\x0f].\x00[\x00-\x0f]", rb"\x05\x04\x00\x0c\x00\x01\x00\x08"),
    *(rb"\xce\xce\xce\xce\x00\x00\x00[\x01\x02]", rb"openssh-key-v1\x00", rb"\x03\xd9\xa2\x9a[\x65-\x67]\xfb\x4b\xb5"),
    # A sequence that begins with a version and goes on with what a key does: PKCS 12, 8 and 1, an elliptic curve's.
    rb"\x30(?:\x80|\x81.|\x82..|\x83...|[\x00-\x7f])\x02\x01"
    rb"(?:\x03\x30|\x00\x30.\x06|\x00\x02(?:[\x20-\x7f]|\x81|\x82)|\x01\x04[\x1c-\x42])",
    # The same, sealed with a password: PBES2, or one of PKCS 12.
    rb"\x30(?:\x81.|\x82..)\x30.\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05|\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01)",
)
_KEY_FILE = re.compile(rb"|".join(_KEY_FILES), re.DOTALL)
_JAVA_STORE = b"\xfe\xed\xfe\xed\x00\x00\x00"
_OTHER_BYTE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def texts_in_base64(text: str) -> Iterator[str]:
    """Every text that stands in base64: `client-key-data` of a kubeconfig is a private key so."""
    for content in {each: None for pair in _words(text) for each in pair}:
        try:
            found = plain_bytes(content).decode("utf-8")
        except UnicodeDecodeError:
            continue
        if not _OTHER_BYTE.search(found):
            yield found


def holds_key_file(text: str) -> bool:
    """Whether a keytab, PKCS 12, Java's store of keys, a key in DER or the like stands in base64 anywhere in `text`.

    A Java store of certificates alone is none; whether a PKCS 12 has a key, nobody can tell from outside.
    """
    return any(_KEY_FILE.match(plain_bytes(word[:120])) or _is_store_of_keys(whole) for word, whole in _words(text))


def plain_bytes(word: str) -> bytes:
    """What stands in one word of base64, cut or with an address's letters, too; nothing if it is none."""
    plain = word.rstrip("=").replace("-", "+").replace("_", "/")
    # One letter alone, behind a whole number of fours, is of no byte: the word was cut.
    plain = plain[:-1] if len(plain) % 4 == 1 else plain
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        return b""


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Each word, by itself and with the lines that go on with it: all of one length, but for the last."""
    done = 0
    for match in _WORD.finditer(text):
        lines = [match[0]]
        if match.start() >= done:
            done = match.end()
            while (more := _NEXT.match(text, done)) and len(lines[-1]) == len(match[0]) >= len(more[1]):
                lines.append(more[1])
                done = more.end()
        yield match[0][:_LONGEST_WORD], "".join(lines)[:_LONGEST_WORD]


def _is_store_of_keys(word: str) -> bool:
    """Whether one of a Java store's entries is no certificate, or cannot be read."""
    if not plain_bytes(word[:12]).startswith(_JAVA_STORE):
        return False
    content = plain_bytes(word)
    at = 12
    try:
        for _ in range(int.from_bytes(content[8:12])):
            if content[at : at + 4] != b"\x00\x00\x00\x02":
                return True
            for prefix, more in ((2, 8), (2, 0), (4, 0)):
                start = at + 4 if (prefix, more) == (2, 8) else at
                at = start + prefix + int.from_bytes(content[start : start + prefix]) + more
    except IndexError:
        return True
    return at > len(content)
