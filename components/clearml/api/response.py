"""An HTTP response as it is believed: read piece by piece, and never more of it than asked for."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

import httpx

ENCODING = "gzip"
_GZIP = zlib.MAX_WBITS | 16
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Flaw(Enum):
    """Why a body was not read to its end."""

    TOO_LARGE = "larger than an answer may be"
    ENCODING = "not packed as it says, or in a way that was not asked for"


@dataclass(frozen=True)
class Response:
    """Status, headers with names in lower case, and the unpacked body; it is empty where there is a flaw."""

    status: int
    reason: str
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    flaw: Flaw | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        """Whether it names another address; none is followed."""
        return 300 <= self.status < 400 and "location" in self.headers

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, which a server says as such or as a date; None if it says neither, or something odd."""
        text = self.headers.get("retry-after", "").strip()
        if _SECONDS.fullmatch(text):
            return float(text)
        try:
            until = parsedate_to_datetime(text)
            until = until if until.tzinfo else until.replace(tzinfo=UTC)
            return max(0.0, (until - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError, OverflowError, IndexError):
            return None


def receive(response: httpx.Response, most: int) -> Response:
    """Read a streamed response, at most `most` bytes packed or unpacked. Raises httpx.HTTPError."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    encoding = headers.get("content-encoding", "").strip().lower()
    content, flaw = b"", None
    try:
        content = b"".join(_bounded(_unpacked(_bounded(response.iter_raw(), most), encoding, most), most))
    except _FlawError as found:
        flaw = found.flaw
    return Response(response.status_code, response.reason_phrase, headers, content, flaw)


class _FlawError(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


def _bounded(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise _FlawError(Flaw.TOO_LARGE)
        yield piece


def _unpacked(pieces: Iterable[bytes], encoding: str, most: int) -> Iterator[bytes]:
    """The body without its encoding; of each piece no more is unpacked than shows that it is too large."""
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in (ENCODING, f"x-{ENCODING}"):
        raise _FlawError(Flaw.ENCODING)
    unpacker = zlib.decompressobj(_GZIP)
    for piece in pieces:
        try:
            yield unpacker.decompress(piece, most + 1)
        except zlib.error:
            raise _FlawError(Flaw.ENCODING) from None
        if unpacker.unconsumed_tail:
            raise _FlawError(Flaw.TOO_LARGE)
