"""A server that gives one answer to everything: what a proxy, an older server or a hostile one might say."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

from components.clearml.api import errors
from components.clearml.api.client import Client
from components.clearml.api.connection import Connection, Limits
from components.clearml.api.models import Companies

ONCE = Limits(connect_seconds=2, answer_seconds=0.5, attempts=1, first_pause=0.01)


@contextmanager
def answering(body: bytes, status: int = 200, first: bytes | None = None, **headers: str) -> Iterator[Connection]:
    """Yields a connection to it, with which nothing is tried again. `first`: a good answer before all others."""
    good = [first] if first is not None else []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            said, code = (good.pop(), 200) if good else (body, status)
            self.send_response(code)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

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


def failure_of(where: Connection, endpoint: str = "system.get_companies") -> errors.FailedCall:
    """How a read fails there: in one line, and showing no secret."""
    with Client(where) as client, pytest.raises(errors.FailedCall) as caught:
        client.read(endpoint, response=Companies)
    failure = caught.value
    assert len(str(failure).splitlines()) == 1
    assert len(str(failure).encode()) <= 1000
    assert str(failure).isprintable()
    assert where.secret not in f"{failure} {failure!r} {failure.failure!r} {where!r}"
    return failure


@contextmanager
def speaking(*pieces: bytes, pause: float = 0.0, endless: bool = False) -> Iterator[Connection]:
    """A server that says these pieces of an HTTP answer to every call, with pauses; the last one again and again."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.request.recv(65536)
                for piece in chain(pieces, repeat(pieces[-1]) if endless else ()):
                    self.request.sendall(piece)
                    time.sleep(pause)

    class Server(ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Connection(f"http://127.0.0.1:{server.server_address[1]}", "KEY", "S3CRET-value", limits=ONCE)
        server.shutdown()
