"""The API over HTTP: one typed call at a time, explicit timeouts, retries by rule. Safe to share between threads."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel

from components.clearml import answer, errors
from components.clearml.connection import Connection
from components.clearml.models import Nothing
from components.clearml.pace import Pace
from components.clearml.retry import Effect, call_rule

M = TypeVar("M", bound=BaseModel)
_IMPERSONATE = "X-Clearml-Impersonate-As"
_ACT = "X-Clearml-Act-As"


class Client:
    """Calls `<url>/<service>.<action>` with a key pair (contract 1.1 to 1.4). Proxies are taken from the environment.

    `impersonate` gives a call the user's company and role, `act_as` the user's company with our own role; both take a
    user's id. `token` makes the call with a token in place of the key pair. A call takes one of them.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        limits = connection.limits
        self._pace = Pace(connection.calls_per_second)
        self._http = httpx.Client(
            base_url=connection.url,
            auth=httpx.BasicAuth(connection.key, connection.secret),
            timeout=httpx.Timeout(limits.answer_seconds, connect=limits.connect_seconds),
            verify=_trusted(connection),
            headers={"Accept": "application/json"},
            event_hooks={"request": [lambda _: self._pace.wait()]},
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
        answer: type[M],
        impersonate: str | None = None,
        act_as: str | None = None,
    ) -> M:
        """A call that changes nothing; repeated after any failure that may pass. Raises FailedCall."""
        return self.call(endpoint, body, answer=answer, effect=Effect.READ, impersonate=impersonate, act_as=act_as)

    def write(
        self,
        endpoint: str,
        body: Mapping[str, Any] | None = None,
        *,
        answer: type[M],
        impersonate: str | None = None,
        act_as: str | None = None,
        token: str | None = None,
        hidden: Sequence[str] = (),
    ) -> M:
        """A call that changes something; repeated only if it was certainly not executed. Raises FailedCall."""
        who = {"impersonate": impersonate, "act_as": act_as, "token": token}
        return self.call(endpoint, body, answer=answer, effect=Effect.WRITE, hidden=hidden, **who)

    def call(
        self,
        endpoint: str,
        body: Mapping[str, Any] | None = None,
        *,
        answer: type[M],
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
        retrying = call_rule(self.connection.limits, effect)
        return retrying(lambda: self._once(endpoint, dict(body or {}), headers, answer, hidden))

    def ping(self, seconds: float) -> None:
        """One unauthenticated `debug.ping`, without retries. Raises FailedCall."""
        try:
            response = self._http.post("/debug.ping", json={}, auth=_AS_GIVEN, timeout=seconds)
        except httpx.HTTPError as cause:
            raise self._broken("debug.ping", cause) from None
        answer.parse(self.connection, "debug.ping", response, Nothing)

    def _once(
        self, endpoint: str, body: dict[str, Any], headers: dict[str, str], model: type[M], hidden: Sequence[str]
    ) -> M:
        try:
            who = _AS_GIVEN if "Authorization" in headers else httpx.USE_CLIENT_DEFAULT
            response = self._http.post(f"/{endpoint}", json=body, headers=headers, auth=who)
        except httpx.HTTPError as cause:
            raise self._broken(endpoint, cause) from None
        return answer.parse(self.connection.hiding(hidden), endpoint, response, model)

    def _broken(self, endpoint: str, cause: httpx.HTTPError) -> errors.FailedCall:
        """Which error a failure below HTTP is: what matters is whether the request can have arrived."""
        words = self.connection.masked(str(cause)) or type(cause).__name__
        failure = errors.Failure(endpoint, f"{self.connection.url}: {words}")
        if isinstance(cause, httpx.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in words:
            return errors.UntrustedServer(failure)
        if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
            return errors.Unreachable(failure)
        if isinstance(cause, httpx.TimeoutException):
            return errors.TimedOut(failure)
        if isinstance(cause, httpx.UnsupportedProtocol | httpx.TooManyRedirects):
            return errors.UnexpectedAnswer(failure)
        return errors.ConnectionLost(failure)


class _AsGiven(httpx.Auth):
    """Leaves the request as it is: without it httpx falls back to the client's own credentials."""


_AS_GIVEN = _AsGiven()


def _trusted(connection: Connection) -> ssl.SSLContext | bool:
    if connection.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=connection.ca_file)
    except (OSError, ssl.SSLError):
        raise errors.Misconfigured(
            f"apiCaFile {connection.ca_file} is not a readable PEM file: give the path of the authority's certificates"
        ) from None
