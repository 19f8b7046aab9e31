"""The API over HTTP: one typed call at a time, explicit timeouts, retries by rule. Safe to share between threads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel

from components.clearml.api import errors, parsing
from components.clearml.api.connection import Connection
from components.clearml.api.models import Empty
from components.clearml.api.rate_limit import RateLimiter
from components.clearml.api.response import ENCODING, Response, receive
from components.clearml.api.retry import Effect, budget, call_rule
from components.clearml.api.transport import Deadline, Transport

M = TypeVar("M", bound=BaseModel)
_IMPERSONATE = "X-Clearml-Impersonate-As"
_ACT = "X-Clearml-Act-As"


class Client:
    """Calls `<url>/<service>.<action>` with a key pair (contract 1.1, 1.2, 1.3, 1.4).

    Proxies are taken from the environment.
    Making one calls nothing, and raises Misconfigured for certificates or a proxy that cannot be used.

    `impersonate` gives a call the user's company and role, `act_as` the user's company with our own role; both take a
    user's id. `token` makes the call with a token in place of the key pair. A call takes one of them.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        limits = connection.limits
        self._rate_limiter = RateLimiter(connection.calls_per_second)
        self._deadline = Deadline()
        self._http = httpx.Client(
            base_url=connection.url,
            auth=httpx.BasicAuth(connection.key, connection.secret),
            timeout=httpx.Timeout(limits.answer_seconds, connect=limits.connect_seconds),
            transport=Transport(connection, self._deadline),
            headers={"Accept": "application/json", "Accept-Encoding": ENCODING, "Content-Type": "application/json"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections."""
        self._http.close()

    def read(
        self,
        endpoint: str,
        body: Mapping[str, Any] | None = None,
        *,
        response: type[M],
        impersonate: str | None = None,
        act_as: str | None = None,
    ) -> M:
        """A call that changes nothing; repeated after any failure that may pass. Raises FailedCall."""
        return self.call(endpoint, body, response=response, effect=Effect.READ, impersonate=impersonate, act_as=act_as)

    def write(
        self,
        endpoint: str,
        body: Mapping[str, Any] | None = None,
        *,
        response: type[M],
        impersonate: str | None = None,
        act_as: str | None = None,
        token: str | None = None,
        hidden: Sequence[str] = (),
    ) -> M:
        """A call that changes something; repeated only if it was certainly not executed. Raises FailedCall."""
        who = {"impersonate": impersonate, "act_as": act_as, "token": token}
        return self.call(endpoint, body, response=response, effect=Effect.WRITE, hidden=hidden, **who)

    def call(
        self,
        endpoint: str,
        body: Mapping[str, Any] | None = None,
        *,
        response: type[M],
        effect: Effect,
        impersonate: str | None = None,
        act_as: str | None = None,
        token: str | None = None,
        hidden: Sequence[str] = (),
    ) -> M:
        """One call and its retries; `body` holds real JSON types, and the secrets `hidden`. Raises FailedCall."""
        bearer = token and f"Bearer {token}"
        given = ((_IMPERSONATE, impersonate), (_ACT, act_as), ("Authorization", bearer))
        headers = {name: value for name, value in given if value}
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            words = "an id or a token that the server gave cannot be sent in a header"
            raise errors.UnexpectedAnswer(errors.Failure(endpoint, words))
        with budget(self.connection.limits) as end:
            retrying = call_rule(self.connection.limits, effect, end)
            return retrying(lambda: self._once(endpoint, dict(body or {}), headers, response, hidden))

    def ping(self, seconds: float) -> None:
        """One unauthenticated `debug.ping`, without retries. Raises FailedCall."""
        response = self._exchange("debug.ping", {}, {}, _NO_CREDENTIALS, seconds=seconds)
        parsing.parse(self.connection, "debug.ping", response, Empty)

    def _once(
        self, endpoint: str, body: dict[str, Any], headers: dict[str, str], model: type[M], hidden: Sequence[str]
    ) -> M:
        hiding = self.connection.hiding(hidden)
        who = _NO_CREDENTIALS if "Authorization" in headers else None
        seconds = self.connection.limits.answer_seconds
        response = self._exchange(endpoint, body, headers, who, seconds=seconds, hiding=hiding)
        return parsing.parse(hiding, endpoint, response, model)

    def _exchange(
        self,
        endpoint: str,
        body: dict[str, Any],
        headers: dict[str, str],
        who: httpx.Auth | None,
        *,
        seconds: float,
        hiding: Connection | None = None,
    ) -> Response:
        """Send a call and read its answer, all of it within so many seconds. Raises FailedCall."""
        self._rate_limiter.wait()
        auth = who or httpx.USE_CLIENT_DEFAULT
        # Escaped, so that nothing a server once said, such as half a character, can fail to be sent.
        content = json.dumps(body).encode()
        try:
            with (
                self._deadline.within(seconds),
                self._http.stream("POST", f"/{endpoint}", content=content, headers=headers, auth=auth) as response,
            ):
                return receive(response, self.connection.limits.answer_bytes)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as cause:  # also a redirect to a host that is none
            raise self._broken(hiding or self.connection, endpoint, cause) from None

    def _broken(self, connection: Connection, endpoint: str, cause: Exception) -> errors.FailedCall:
        """Which error a failure below HTTP is: what matters is whether the request can have arrived."""
        words = connection.masked(str(cause)) or type(cause).__name__
        failure = errors.Failure(endpoint, f"{connection.url}: {words}")
        if isinstance(cause, httpx.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in words:
            return errors.UntrustedServer(failure)
        if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
            return errors.Unreachable(failure)
        if isinstance(cause, httpx.TimeoutException):
            return errors.TimedOut(failure)
        if isinstance(cause, httpx.UnsupportedProtocol | httpx.InvalidURL | ValueError):
            return errors.UnexpectedAnswer(failure)
        return errors.ConnectionLost(failure)


class _NoCredentials(httpx.Auth):
    """Leaves the request as it is: without it httpx falls back to the client's own credentials."""


_NO_CREDENTIALS = _NoCredentials()
