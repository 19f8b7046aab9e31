"""What can go wrong with a call: one type per cause, under one root. Each text is one line and ends with the fix.

No error holds a request body, an answer's body or a secret, so none can show one, not even in its `repr`.
"""

# ruff: noqa: N818 - a cause is named by what happened

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from components.clearml.api.redaction import plain

LONGEST_LINE = 4000
"""Bytes of an error's text, whatever a server put into it."""


class ClearMLError(Exception):
    """Root of every error of this package; its text is one line."""

    def __init__(self, line: str) -> None:
        super().__init__(plain(line, LONGEST_LINE))
        # The engine prints the whole chain of causes; this line says all there is to say.
        self.__suppress_context__ = True

    def of(self, whom: str) -> Self:
        """The same, and whom it is about, where the resource's name does not tell."""
        self.args = (plain(f"{whom}: {self}", LONGEST_LINE),)
        return self


class Misconfigured(ClearMLError):
    """A setting of the connection is missing or wrong; nothing was called."""


class NotReady(ClearMLError):
    """The API did not answer within the time a run may wait for it."""


@dataclass(frozen=True)
class Failure:
    """The facts of a failed call: HTTP status and subcode as far as there was an answer, the server's own words.

    `retry_after`: seconds after which the server asked to be called again, if it did.
    """

    endpoint: str
    message: str
    status: int | None = None
    subcode: int | None = None
    transaction: str | None = None
    retry_after: float | None = None

    def __str__(self) -> str:
        codes = None if self.status is None else str(self.status)
        if codes and self.subcode is not None:
            codes = f"{codes}/{self.subcode}"
        facts = ", ".join(filter(None, (codes, self.transaction and f"transaction {self.transaction}")))
        return f"{self.endpoint}: {self.message}" + (f" ({facts})" if facts else "")


class FailedCall(ClearMLError):
    """A call that did not end well. What follows each class of failure is `retry.TABLE`."""

    fix: ClassVar[str] = ""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure}: {self.fix}" if self.fix else str(failure))
        self.failure = failure

    @property
    def endpoint(self) -> str:
        return self.failure.endpoint

    @property
    def status(self) -> int | None:
        return self.failure.status

    @property
    def subcode(self) -> int | None:
        return self.failure.subcode

    @property
    def retry_after(self) -> float | None:
        return self.failure.retry_after


class Unreachable(FailedCall):
    """No connection was made, so nothing was executed."""

    fix = "check apiUrl (or CLEARML_API_URL), the network, and that the apiserver is running"


class UntrustedServer(FailedCall):
    """The server's certificate is not trusted; nothing was sent."""

    fix = "trust its authority (apiCaFile, or SSL_CERT_FILE), or correct apiUrl"


class ConnectionLost(FailedCall):
    """The connection broke after it was made: executed or not, nobody knows."""

    fix = "run the same command again, it looks for what was done before it goes on"


class TimedOut(ConnectionLost):
    """No whole answer came in time: executed or not, nobody knows."""


class BadCredentials(FailedCall):
    """HTTP 401: the key pair is not one of the server's."""

    fix = (
        "check apiserverKey and apiserverSecret (`pulumi config set --secret`) against the pair the server was "
        "installed with"
    )


class Forbidden(FailedCall):
    """HTTP 403: the caller's role may not do this."""

    fix = "apiserverKey has to be a key of role system: the apiserver pair the server was installed with"


class ImpersonationRefused(FailedCall):
    """HTTP 400, subcode 5 or 6: the server does not let us act as that user, most often because it is gone."""

    fix = "run `pulumi refresh` to see whether the user still exists"


class InvalidRequest(FailedCall):
    """HTTP 400: the server does not accept what was sent; its own words say what."""

    fix = "correct what it names in the tenant's file, or look for this transaction in the apiserver's log"


class Duplicate(InvalidRequest):
    """HTTP 400, subcode 801: such a thing exists already."""


class UnknownEndpoint(FailedCall):
    """HTTP 404: this server does not know the call. A missing company or user is never a 404."""

    fix = "this needs a newer ClearML Enterprise server, or apiUrl is not its API"


class RateLimited(FailedCall):
    """HTTP 429: refused before anything was done."""

    fix = "the server asks for fewer calls: run the same command again later"


class ServerFault(FailedCall):
    """HTTP 5xx from the API itself: it has ended its work on the call, executed or not."""

    fix = "look into the apiserver's log, then run the same command again"


class GatewayFault(ServerFault):
    """HTTP 5xx of whatever stands before the API: the server may still be at work on the call."""

    fix = "look into the logs of the apiserver and of what stands before it, then run the same command again"


class OutcomeUnknown(FailedCall):
    """A write that the server may still carry out, and this run could not wait to see."""

    fix = "the server may still carry it out: run the same command again in some minutes, it looks first"


class UnexpectedAnswer(FailedCall):
    """Not an answer of ClearML's API, but a redirect or a page of something else."""

    fix = "check that apiUrl is the API's address (not the web server's) and that nothing in between answers for it"


class GarbledAnswer(UnexpectedAnswer):
    """HTTP 2xx, but cut short, or not JSON: executed or not, nobody knows."""


class AnswerTooLarge(GarbledAnswer):
    """HTTP 2xx with more than `Limits.answer_bytes`; the rest was not read."""


class MissingField(GarbledAnswer):
    """The API's own answer, without a field that it must have."""

    fix = "compare the server's version with the document; its newest and its oldest may answer otherwise"
