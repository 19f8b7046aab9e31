"""One call: each cause is an error of its own type, one line with the fix and no secret; each answer is typed."""

from __future__ import annotations

import json
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from components.clearml import companies, errors, keys, users
from components.clearml.client import Client
from components.clearml.connection import Connection, Limits
from components.clearml.models import Companies, CurrentUser, Nothing
from components.clearml.retry import Effect
from components.clearml.session import session_for
from tests.api.runs import QUICK, connection
from tests.emulator import Emulator

ONCE = Limits(connect_seconds=2, answer_seconds=0.5, attempts=1, first_pause=0.01)
IN_AN_HOUR = "in an hour, from when the test runs"


@contextmanager
def answering(body: bytes, status: int = 200, **headers: str) -> Iterator[Connection]:
    """A server that gives this answer to everything; yields a connection to it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing to see."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Connection(f"http://127.0.0.1:{server.server_port}", "KEY", "S3CRET-value", limits=ONCE)
    finally:
        server.shutdown()
        server.server_close()


def _failure(where: Connection, endpoint: str = "system.get_companies") -> errors.FailedCall:
    with Client(where) as client, pytest.raises(errors.FailedCall) as caught:
        client.read(endpoint, answer=Companies)
    failure = caught.value
    assert len(str(failure).splitlines()) == 1
    assert where.secret not in f"{failure} {failure!r} {failure.failure!r} {where!r}"
    return failure


def test_typed_answer(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client:
        assert [each.name for each in companies.every(client)] == ["clearml"]


def test_act_as_and_impersonate_differ_in_role(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client:
        company = companies.create(client, "Acme")
        user = users.create_admin(client, company, "Ann", "ann@acme.example")
        seen = client.read("users.get_current_user", answer=CurrentUser, act_as=user).user
        assert (seen.company.id, seen.role) == (company, "system")
        assert (users.profile(client, user).user.company.id, users.profile(client, user).user.role) == (
            company,
            "admin",
        )


def test_wrong_key(emulator: Emulator) -> None:
    failure = _failure(connection(emulator, secret="another-secret-0815"))
    assert isinstance(failure, errors.BadCredentials)
    assert (failure.status, failure.subcode, failure.endpoint) == (401, 22, "system.get_companies")
    assert failure.failure.transaction
    assert "apiserverKey" in str(failure)


def test_wrong_role(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client:
        user = users.create_admin(client, companies.create(client, "Acme"), "Ann", "ann@acme.example")
        pair = keys.create(client, user, "label")
        assert pair.secret_key not in repr(pair)
    failure = _failure(connection(emulator, key=pair.access_key, secret=pair.secret_key))
    assert isinstance(failure, errors.Forbidden)
    assert "role system" in str(failure)


def test_unknown_user(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client, pytest.raises(errors.ImpersonationRefused, match="nobody"):
        users.profile(client, "nobody")


def test_duplicate(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client:
        companies.create(client, "Acme")
        with pytest.raises(errors.Duplicate) as caught:
            companies.create(client, "Acme")
    assert (caught.value.status, caught.value.subcode) == (400, 801)


def test_invalid_request(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client, pytest.raises(errors.InvalidRequest) as caught:
        client.write("auth.create_user", {"name": "Ann"}, answer=Nothing)
    assert caught.value.subcode == 12


def test_unknown_endpoint(emulator: Emulator) -> None:
    failure = _failure(connection(emulator), "tenants.sing")
    assert isinstance(failure, errors.UnknownEndpoint)
    assert "newer" in str(failure)


def test_unreachable() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        failure = _failure(Connection(url, "KEY", "S3CRET-value", limits=ONCE))
    assert isinstance(failure, errors.Unreachable)
    assert url in str(failure)
    assert not failure.doubtful


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("refuse", errors.ConnectionLost),
        ("lost-answer", errors.ConnectionLost),
        ("slow", errors.TimedOut),
        ("error-before", errors.ServerFault),
        ("error-after", errors.ServerFault),
        ("html", errors.ServerFault),
        ("truncated", errors.FailedCall),
        ("rate-limit", errors.RateLimited),
    ],
)
def test_each_fault_has_its_type(emulator: Emulator, kind: str, cause: type[errors.FailedCall]) -> None:
    emulator.faults([{"endpoint": "system.get_companies", "kind": kind, "times": 1}])
    failure = _failure(connection(emulator, limits=ONCE))
    assert isinstance(failure, cause)
    assert failure.passing
    assert failure.doubtful is (kind != "rate-limit")


@pytest.mark.parametrize("kind", ["refuse", "error-before", "error-after", "lost-answer", "truncated", "html"])
def test_reads_are_repeated(emulator: Emulator, kind: str) -> None:
    emulator.faults([{"endpoint": "system.get_companies", "kind": kind, "times": 3}])
    with Client(connection(emulator)) as client:
        assert companies.every(client)


def test_retry_after_is_kept(emulator: Emulator) -> None:
    """A write that the server put off is sent again, and not before it said."""
    emulator.faults([{"endpoint": "system.create_company", "kind": "rate-limit", "times": 1, "seconds": 1}])
    with Client(connection(emulator)) as client:
        companies.create(client, "Acme")
    calls = [call for call in emulator.calls() if call["endpoint"] == "system.create_company"]
    assert [call["status"] for call in calls] == [429, 200]


@pytest.mark.parametrize("kind", ["refuse", "error-before", "lost-answer", "truncated", "html"])
def test_doubtful_writes_are_not_repeated(emulator: Emulator, kind: str) -> None:
    emulator.faults([{"endpoint": "system.create_company", "kind": kind, "times": 1}])
    with Client(connection(emulator)) as client, pytest.raises(errors.FailedCall) as caught:
        companies.create(client, "Acme")
    assert caught.value.doubtful
    assert sum(call["endpoint"] == "system.create_company" for call in emulator.calls()) <= 1


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("7", 7, 7),
        (IN_AN_HOUR, 3500, 3600),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("soon", None, None),
    ],
    ids=["seconds", "date", "past", "neither"],
)
def test_retry_after_is_seconds_or_a_date(said: str, least: float | None, most: float | None) -> None:
    """However long it is, a call ends within its own bounds; see `test_time_is_bounded`."""
    if said == IN_AN_HOUR:
        said = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    with answering(b"", status=429, Retry_After=said) as where:
        failure = _failure(where)
    assert isinstance(failure, errors.RateLimited)
    if least is None or most is None:
        assert failure.retry_after is None
    else:
        assert failure.retry_after is not None
        assert least <= failure.retry_after <= most


def test_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """As httpx knows them: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`."""
    with answering(b'{"data": {"companies": []}}') as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with Client(Connection("http://api.nowhere.example", "KEY", "S3CRET-value", limits=ONCE)) as client:
            assert companies.every(client) == ()


def _echo(secret: str, status: int, subcode: int) -> bytes:
    """What a server says that repeats all it was sent."""
    basic = b64encode(f"KEY:{secret}".encode()).decode()
    meta = {"result_code": status, "result_subcode": subcode, "result_msg": f"bad {secret} in Basic {basic}"}
    return json.dumps({"meta": meta, "data": {"companies": secret}}).encode()


@pytest.mark.parametrize(
    ("status", "subcode", "cause"),
    [
        (200, 0, errors.UnexpectedAnswer),
        (400, 6, errors.ImpersonationRefused),
        (400, 12, errors.InvalidRequest),
        (400, 801, errors.Duplicate),
        (401, 22, errors.BadCredentials),
        (403, 20, errors.Forbidden),
        (404, 0, errors.UnknownEndpoint),
        (429, 0, errors.RateLimited),
        (500, 100, errors.ServerFault),
    ],
)
def test_no_error_shows_a_secret_that_the_server_repeats(
    status: int, subcode: int, cause: type[errors.FailedCall]
) -> None:
    """Neither as it is nor as the header has it, in no text and no repr of what there is at that moment."""
    with answering(_echo("S3CRET-value", status, subcode), status=status) as where:
        failure = _failure(where)
        session = session_for(where)
    assert type(failure) is cause
    shown = f"{failure!s} {failure!r} {failure.args} {vars(failure)} {where!r} {session.client!r} {session!r}"
    assert "S3CRET" not in shown
    assert b64encode(b"KEY:S3CRET-value").decode() not in shown


def test_missing_field_is_named() -> None:
    with answering(b'{"meta": {"result_code": 200}, "data": {"companies": [{"id": "1", "surprise": 2}]}}') as where:
        failure = _failure(where)
    assert isinstance(failure, errors.UnexpectedAnswer)
    assert "data.companies.0.name" in str(failure)


def test_unknown_fields_and_sparse_envelopes_are_fine() -> None:
    with (
        answering(b'{"data": {"companies": [{"id": "1", "name": "Acme", "new": []}], "more": 1}}') as where,
        Client(where) as client,
    ):
        assert client.call("any.thing", answer=Companies, effect=Effect.READ).companies[0].name == "Acme"


def test_error_without_envelope_keeps_its_status() -> None:
    with answering(b"<html>504</html>", status=504, Content_Type="text/html") as where:
        failure = _failure(where)
    assert isinstance(failure, errors.ServerFault)
    assert failure.from_proxy


@pytest.mark.parametrize(("body", "status"), [(b"<html>Sign in</html>", 200), (b"[1]", 200), (b"", 404), (b"", 302)])
def test_something_else_answers(body: bytes, status: int) -> None:
    """A web server, an ingress without the API behind it: the address is wrong, and the line says so."""
    with answering(body, status=status, Location="/login") as where:
        failure = _failure(where)
    assert isinstance(failure, errors.UnexpectedAnswer)
    assert "apiUrl" in str(failure)


def test_no_secret_is_repeated() -> None:
    """A server that echoes our secret, or an answer that breaks off after a new one."""
    echo = b'{"meta": {"result_code": 400, "result_subcode": 12, "result_msg": "bad\\nvalue S3CRET-value"}, "data": {}}'
    with answering(echo, status=400) as where:
        assert "[secret]" in str(_failure(where))
    broken = b'{"meta": {"result_code": 200}, "data": {"credentials": {"access_key": "A", "secret_key": "MINTED'
    with answering(broken) as where:
        assert "MINTED" not in str(_failure(where))
    with answering(broken + b'"}}}') as where:
        assert "MINTED" not in str(_failure(where))


@pytest.mark.parametrize("url", ["api.example.com", "ftp://x", "https://key:S3CRET@x", "https://x?S3CRET=1", ""])
def test_url_that_is_no_address(url: str) -> None:
    with pytest.raises(errors.Misconfigured, match="apiUrl") as caught:
        Connection(url, "KEY", "SECRET")
    assert "S3CRET" not in str(caught.value)


def test_untrusted_authority_is_named(tmp_path: object) -> None:
    with pytest.raises(errors.Misconfigured, match="apiCaFile"):
        Client(Connection("https://x", "KEY", "SECRET", ca_file=f"{tmp_path}/none.pem", limits=QUICK))
