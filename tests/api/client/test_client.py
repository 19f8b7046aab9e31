"""One call: each cause is an error of its own type, one line with the fix and no secret; each answer is typed."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from components.clearml.api import errors
from components.clearml.api.calls import companies, credentials, users
from components.clearml.api.client import Client
from components.clearml.api.connection import Connection
from components.clearml.api.models import CurrentUser, Empty
from components.clearml.api.retry import Effect, Step, outcome_unknown, step
from tests.api.answering import ONCE, answering, failure_of
from tests.api.runs import QUICK, connection
from tests.emulator import Emulator

IN_AN_HOUR = "in an hour, from when the test runs"


def test_typed_answer(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client:
        assert [each.name for each in companies.every(client)] == ["clearml"]


def test_act_as_and_impersonate_differ_in_role(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client:
        company = companies.create(client, "Acme")
        user = users.create_admin(client, company, "Ann", "ann@acme.example")
        seen = client.read("users.get_current_user", response=CurrentUser, act_as=user).user
        assert (seen.company.id, seen.role) == (company, "system")
        assert (users.profile(client, user).user.company.id, users.profile(client, user).user.role) == (
            company,
            "admin",
        )


def test_wrong_key(emulator: Emulator) -> None:
    failure = failure_of(connection(emulator, secret="another-secret-0815"))
    assert isinstance(failure, errors.BadCredentials)
    assert (failure.status, failure.subcode, failure.endpoint) == (401, 22, "system.get_companies")
    assert failure.failure.transaction
    assert "apiserverKey" in str(failure)


def test_wrong_role(emulator: Emulator) -> None:
    with Client(connection(emulator)) as client:
        user = users.create_admin(client, companies.create(client, "Acme"), "Ann", "ann@acme.example")
        pair = credentials.create(client, user, "label")
        assert pair.secret_key not in repr(pair)
    failure = failure_of(connection(emulator, key=pair.access_key, secret=pair.secret_key))
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
        client.write("auth.create_user", {"name": "Ann"}, response=Empty)
    assert caught.value.subcode == 12


def test_unknown_endpoint(emulator: Emulator) -> None:
    failure = failure_of(connection(emulator), "tenants.sing")
    assert isinstance(failure, errors.UnknownEndpoint)
    assert "newer" in str(failure)


def test_unreachable() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        failure = failure_of(Connection(url, "KEY", "S3CRET-value", limits=ONCE))
    assert isinstance(failure, errors.Unreachable)
    assert url in str(failure)
    assert not outcome_unknown(failure)


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
    failure = failure_of(connection(emulator, limits=ONCE))
    assert isinstance(failure, cause)
    assert step(failure, Effect.READ) is Step.REPEAT
    assert outcome_unknown(failure) is (kind != "rate-limit")


@pytest.mark.parametrize("kind", ["refuse", "error-before", "error-after", "lost-answer", "truncated", "html"])
def test_reads_are_repeated(emulator: Emulator, kind: str) -> None:
    emulator.faults([{"endpoint": "system.get_companies", "kind": kind, "times": 3}])
    with Client(connection(emulator)) as client:
        assert companies.every(client)


def test_retry_after_is_kept(emulator: Emulator) -> None:
    """A write that the server put off is sent again, and not before it said."""
    emulator.faults([{"endpoint": "system.create_company", "kind": "rate-limit", "times": 1, "seconds": 1}])
    started = time.monotonic()
    with Client(connection(emulator)) as client:
        companies.create(client, "Acme")
    calls = [call for call in emulator.calls() if call["endpoint"] == "system.create_company"]
    assert [call["status"] for call in calls] == [429, 200]
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("kind", ["refuse", "error-before", "lost-answer", "truncated", "html"])
def test_doubtful_writes_are_not_repeated(emulator: Emulator, kind: str) -> None:
    emulator.faults([{"endpoint": "system.create_company", "kind": kind, "times": 1}])
    with Client(connection(emulator)) as client, pytest.raises(errors.FailedCall) as caught:
        companies.create(client, "Acme")
    assert outcome_unknown(caught.value)
    assert sum(call["endpoint"] == "system.create_company" for call in emulator.calls()) <= 1


@pytest.mark.parametrize("status", [429, 503])
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
def test_retry_after_is_seconds_or_a_date(status: int, said: str, least: float | None, most: float | None) -> None:
    """However long it is, a call ends within its own bounds; see `test_time_is_bounded`."""
    if said == IN_AN_HOUR:
        said = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    with answering(b"", status=status, Retry_After=said) as where:
        failure = failure_of(where)
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


@pytest.mark.parametrize("url", ["api.example.com", "ftp://x", "https://key:S3CRET@x", "https://x?S3CRET=1", ""])
def test_url_that_is_no_address(url: str) -> None:
    with pytest.raises(errors.Misconfigured, match="apiUrl") as caught:
        Connection(url, "KEY", "SECRET")
    assert "S3CRET" not in str(caught.value)


def test_untrusted_authority_is_named(tmp_path: object) -> None:
    with pytest.raises(errors.Misconfigured, match="apiCaFile"):
        Client(Connection("https://x", "KEY", "SECRET", ca_file=f"{tmp_path}/none.pem", limits=QUICK))


@pytest.mark.parametrize("kind", ["a kubeconfig", "a key", "a folder", "shadow"])
def test_a_file_that_is_no_authority_is_named_and_nothing_of_it_is_shown(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "file"
    texts = {
        "a kubeconfig": "apiVersion: v1\nusers: [{user: {token: S3CRET-of-a-cluster}}]\n",
        "a key": "-----BEGIN PRIVATE KEY-----\nS3CRET\n-----END PRIVATE KEY-----\n",
        "shadow": "root:$6$salt$S3CRET:19000:0:99999:7:::\n",
    }
    if kind in texts:
        file.write_text(texts[kind])
    else:
        file.mkdir()
    with pytest.raises(errors.Misconfigured) as caught:
        Client(Connection("https://x", "KEY", "SECRET", ca_file=str(file), limits=QUICK))
    said = str(caught.value)
    assert said == f"apiCaFile {file} is not a readable PEM file: give the path of the authority's certificates"
    assert caught.value.__cause__ is None
