"""Where the API is, who calls it, and how long a call may take; one frozen value, its secret masked."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, urlsplit

import httpx

from components.clearml.api.errors import Misconfigured
from components.clearml.api.redaction import masked, plain


@dataclass(frozen=True)
class Limits:
    """Bounds of one call; all times in seconds.

    `answer_seconds` is the deadline of one attempt, from connecting to the answer's last byte; `answer_bytes` is the
    most that an answer may hold, unpacked. No attempt begins after `attempts` or `total_seconds`; the pauses between
    them double from `first_pause` to `longest_pause`. `settle_seconds` is how long a server may go on with a call that
    it gave no answer to; None: as long as `answer_seconds`.
    """

    connect_seconds: float = 10.0
    answer_seconds: float = 60.0
    answer_bytes: int = 32 * 2**20
    settle_seconds: float | None = None
    attempts: int = 5
    total_seconds: float = 120.0
    first_pause: float = 0.25
    longest_pause: float = 8.0

    @property
    def server_seconds(self) -> float:
        """The server's time: after it, a write that nothing shows was not carried out and never will be."""
        return self.answer_seconds if self.settle_seconds is None else self.settle_seconds


@dataclass(frozen=True)
class Connection:
    """The API's base URL and a key pair of role `system` (the chart's apiserver credentials).

    `wait_seconds` is how long a create or update waits for an API that does not answer yet. `ca_file` is a PEM file
    of certificates to trust in place of the system's. `hidden` are other secrets that a call sends.
    `calls_per_second` bounds how often the API is called, by all threads of this process together; None: it does not.
    Raises Misconfigured.
    """

    url: str
    key: str
    secret: str = field(repr=False)
    wait_seconds: float = 300.0
    ca_file: str | None = None
    limits: Limits = Limits()
    hidden: tuple[str, ...] = field(default=(), repr=False)
    calls_per_second: float | None = None

    def __post_init__(self) -> None:
        parts = address(self.url)
        if parts is None:
            raise Misconfigured("apiUrl is not a URL with http:// or https://: write it like https://api.example.com")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise Misconfigured("apiUrl holds more than an address: leave out user, password and anything after ? or #")
        for name, value in (("apiserverKey", self.key), ("apiserverSecret", self.secret)):
            if not value or not value.isprintable():
                raise Misconfigured(f"{name} is empty or holds control characters: set it with `pulumi config set`")
        object.__setattr__(self, "url", self.url.rstrip("/"))

    def hiding(self, secrets: Iterable[str]) -> Connection:
        """The same, for a call that sends these secrets."""
        return replace(self, hidden=(*self.hidden, *secrets))

    def masked(self, text: str) -> str:
        """The text on one line, at most 300 bytes, with every secret taken out wherever a server echoed it."""
        # The pair as it stands in every request's header; a proxy in between may quote that.
        basic = b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return plain(masked(text, (self.secret, basic, *self.hidden)), 300)


def address(url: str) -> SplitResult | None:
    """The parts of a URL with http:// or https:// whose host and port can be connected to; None if it is none."""
    try:
        parts = urlsplit(url)
        # Each of them refuses what the others take: `xn--a`, a label that is empty or too long, a port of 6 digits.
        parsed = httpx.URL(url)
        _ = (parsed.host, parsed.raw_host.decode("ascii").encode("idna"), parts.port)
    except (ValueError, httpx.InvalidURL):
        return None
    blank = any(each.isspace() for each in parts.netloc)
    return parts if parts.scheme in ("http", "https") and parts.hostname and not blank else None
