"""What a server, a proxy or the environment may say that nobody expects: one plain line each, bounded in bytes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from components.clearml.api import errors
from components.clearml.api.client import Client
from components.clearml.api.connection import Connection
from components.clearml.api.models import Companies, Empty
from tests.api.answering import ONCE, answering, failure_of, speaking

ANSWER = b'{"data": {"companies": []}}'
API = Connection("https://api.example.com", "KEY", "S3CRET-value", limits=ONCE)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "said",
    [
        "\u00b2",
        "9" * 400,
        "-1",
        "1e3",
        "nan",
        "1, 2",
        "\u0663",
        "",
        "Wed, 21 Oct 99999 07:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +99999999999",
        "Wed, 21 Oct 2015 07:28:00 -0000",
        "Wed,",
        "0" * 5000,
    ],
)
def test_odd_retry_after(status: int, said: str) -> None:
    reply = f"HTTP/1.1 {status} Odd\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n"
    with speaking(reply.encode()) as where:
        failure = failure_of(where)
    assert isinstance(failure, errors.RateLimited | errors.ServerFault)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000 + b"]" * 200_000,
        b'{"data": ' + b'{"a": ' * 200_000 + b"1" + b"}" * 200_001,
        b'{"data": \xff\xfe}',
        b"\xff\xfe\x00",
        b'{"meta": {"result_code": ' + b"9" * 5000 + b'}, "data": {}}',
        b'{"meta": {"result_code": ' + b"9" * 4000 + b'}, "data": {}}',
        b'{"meta": {"result_code": 400, "result_subcode": ' + b"9" * 4000 + b'}, "data": {}}',
        b'{"meta": {"result_code": NaN}, "data": {}}',
        b'{"meta": {"result_code": true, "result_msg": {"a": []}}, "data": {}}',
        b'{"meta": {"result_code": 400, "result_msg": "\\ud800 \\u001b[31m red \\u202e"}}',
        json.dumps({"meta": {"result_code": 400, "result_msg": "\u20ac" * 100_000}}).encode(),
        json.dumps({"data": {"companies": [{} for _ in range(5000)]}}).encode(),
        b'{"data": "text"}',
        b'{"data": {"companies": 7}}',
        b"",
    ],
    ids=str,
)
def test_odd_body(body: bytes) -> None:
    with answering(body) as where:
        assert isinstance(failure_of(where), errors.FailedCall)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "x" * 60_000},
        {"Content_Type": "text/html\t\x0bodd"},
        {"Content_Encoding": "gzip"},
        {"Content_Encoding": "br"},
        {"Content_Encoding": "gzip, gzip"},
        {"X_Huge": "x" * 200_000},
        {"Set_Cookie": "a" * 5000},
        {"Retry_After": "x" * 60_000},
    ],
    ids=str,
)
def test_odd_headers(headers: dict[str, str]) -> None:
    with answering(b"<html>", 200, None, **headers) as where:
        assert isinstance(failure_of(where), errors.FailedCall)


@pytest.mark.parametrize(
    "location", ["/system.get_companies", "https://xn--a/", "http://x:99999/", "ftp://x", "//", "http://[::1"]
)
def test_redirect_is_not_followed_wherever_it_leads(location: str) -> None:
    with answering(b"", status=307, Location=location) as where:
        assert isinstance(failure_of(where), errors.FailedCall)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00" * 100,
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 None\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 60_000 + b"\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=str,
)
def test_something_that_hardly_speaks_http(said: bytes) -> None:
    with speaking(said) as where:
        assert isinstance(failure_of(where), errors.FailedCall)


def test_packed_answers_are_read() -> None:
    with answering(gzip.compress(ANSWER), Content_Encoding="GZIP") as where, Client(where) as client:
        assert client.read("any.thing", response=Companies).companies == ()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Without what this machine says of proxies and certificates."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTPS_PROXY", "https_proxy", "all_proxy"])
@pytest.mark.parametrize(
    "value",
    [
        "socks5://u:S3CRET@x:1080",
        "socks5h://x",
        "ftp://x",
        "http://xn--a",
        "http://",
        "http://x:99999",
        "http://a..b",
        "http://u:S3CRET@[::1",
        "://",
        "http://x y",
        f"http://{'x' * 64}.example",
        "http://x:port",
    ],
)
def test_odd_proxy(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(errors.Misconfigured, match=f"^{name.upper()} is not the URL of an HTTP proxy") as caught:
        Client(API)
    assert "S3CRET" not in repr(caught.value)


def test_proxy_that_is_not_for_this_host_does_not_matter(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ALL_PROXY", "socks5://x:1080")
    environment.setenv("NO_PROXY", "example.com")
    Client(API).close()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"])
@pytest.mark.parametrize("what", ["missing", "folder", "no certificate", "long"])
def test_odd_certificates(environment: pytest.MonkeyPatch, tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "no certificate").write_text("nothing")
    (tmp_path / "folder").mkdir()
    odd = {"missing": "none/none.pem", "long": "x" * 5000}.get(what, what)
    environment.setenv(name, str(tmp_path / odd))
    if (name, what) in (("SSL_CERT_DIR", "folder"), ("SSLKEYLOGFILE", "no certificate")):
        Client(API).close()
        return
    with pytest.raises(errors.Misconfigured, match=f"^{name} ") as caught:
        Client(API)
    assert len(str(caught.value).encode()) < 1000


@pytest.mark.parametrize(
    "host", ["xn--a", "a..b", "x" * 64, "[::1", "x:99999", "x:port", "x y", "x\x00", "xn--", ".", "\ud800"]
)
def test_host_that_is_none(host: str) -> None:
    with pytest.raises(errors.Misconfigured, match=r"^apiUrl is not a URL"):
        Connection(f"https://{host}", "KEY", "SECRET")


@pytest.mark.parametrize("who", ["\u00e9", "a\nb", "\x1b"])
def test_id_that_no_header_can_hold(who: str) -> None:
    with answering(ANSWER) as where, Client(where) as client, pytest.raises(errors.UnexpectedAnswer) as caught:
        client.read("any.thing", response=Empty, impersonate=who)
    assert str(caught.value).isprintable()
