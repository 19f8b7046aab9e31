"""What a server may answer: another envelope, half an answer, a web page, our own secret; each is one plain line."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from components.clearml.api import errors
from components.clearml.api.calls import companies
from components.clearml.api.client import Client
from components.clearml.api.models import Companies
from components.clearml.api.retry import Effect
from components.clearml.run.session import session_for
from tests.api.answering import answering, failure_of


def _echo(secret: str, status: int, subcode: int) -> bytes:
    """What a server says that repeats all it was sent."""
    basic = b64encode(f"KEY:{secret}".encode()).decode()
    meta = {"result_code": status, "result_subcode": subcode, "result_msg": f"bad {secret} in Basic {basic}"}
    return json.dumps({"meta": meta, "data": {"companies": secret}}).encode()


@pytest.mark.parametrize(
    ("status", "subcode", "cause"),
    [
        (200, 0, errors.MissingField),
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
        failure = failure_of(where)
        session = session_for(where)
    assert type(failure) is cause
    shown = f"{failure!s} {failure!r} {failure.args} {vars(failure)} {where!r} {session.client!r} {session!r}"
    assert "S3CRET" not in shown
    assert b64encode(b"KEY:S3CRET-value").decode() not in shown


def test_missing_field_is_named() -> None:
    with answering(b'{"meta": {"result_code": 200}, "data": {"companies": [{"id": "1", "surprise": 2}]}}') as where:
        failure = failure_of(where)
    assert isinstance(failure, errors.UnexpectedAnswer)
    assert "data.companies.0.name" in str(failure)


def test_unknown_fields_and_sparse_envelopes_are_fine() -> None:
    with (
        answering(b'{"data": {"companies": [{"id": "1", "name": "Acme", "new": []}], "more": 1}}') as where,
        Client(where) as client,
    ):
        assert client.call("any.thing", response=Companies, effect=Effect.READ).companies[0].name == "Acme"


def test_error_without_envelope_keeps_its_status() -> None:
    with answering(b"<html>504</html>", status=504, Content_Type="text/html") as where:
        failure = failure_of(where)
    assert isinstance(failure, errors.GatewayFault)


@pytest.mark.parametrize(("body", "status"), [(b"<html>Sign in</html>", 200), (b"[1]", 200), (b"", 404), (b"", 302)])
def test_something_else_answers(body: bytes, status: int) -> None:
    """A web server, an ingress without the API behind it: the address is wrong, and the line says so."""
    with answering(body, status=status, Location="/login") as where:
        failure = failure_of(where)
    assert isinstance(failure, errors.UnexpectedAnswer)
    assert "apiUrl" in str(failure)


def test_no_secret_is_repeated() -> None:
    """A server that echoes our secret, or an answer that breaks off after a new one."""
    echo = b'{"meta": {"result_code": 400, "result_subcode": 12, "result_msg": "bad\\nvalue S3CRET-value"}, "data": {}}'
    with answering(echo, status=400) as where:
        assert "[secret]" in str(failure_of(where))
    broken = b'{"meta": {"result_code": 200}, "data": {"credentials": {"access_key": "A", "secret_key": "MINTED'
    with answering(broken) as where:
        assert "MINTED" not in str(failure_of(where))
    with answering(broken + b'"}}}') as where:
        assert "MINTED" not in str(failure_of(where))


def test_login_token_is_not_in_the_error_of_a_rename() -> None:
    """A company is renamed with a short-lived token of its admin; a server may repeat that as well."""
    login = b'{"meta": {"result_code": 200}, "data": {"token": "T0KEN-value"}}'
    echo = b'{"meta": {"result_code": 400, "result_subcode": 12, "result_msg": "bad Bearer T0KEN-value"}, "data": {}}'
    with (
        answering(echo, status=400, first=login) as where,
        Client(where) as client,
        pytest.raises(errors.InvalidRequest) as caught,
    ):
        companies.rename(client, "1", "Acme")
    assert "bad Bearer [secret]" in str(caught.value)
    assert "T0KEN" not in f"{caught.value!r} {vars(caught.value)}"
