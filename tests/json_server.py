"""A server that gives JSON, such as a Kubernetes API server that knows little; and the kubeconfig that leads to one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeVar

Answer = Callable[[str], tuple[int, object]]
Server = TypeVar("Server", bound=ThreadingHTTPServer)


class JsonHandler(BaseHTTPRequestHandler):
    """Answers in JSON, and writes nothing down."""

    def send_json(self, status: int, content: object, **headers: str) -> None:
        """Bytes are sent as they are."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class JsonServer(ThreadingHTTPServer):
    """`answer` says status and content for a path; `asked` are the paths of all calls so far."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(JsonHandler):
    server: JsonServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_json(*self.server.answer(self.path))


@contextmanager
def serving_json(answer: Answer) -> Iterator[JsonServer]:
    with running(JsonServer(answer)) as server:
        yield server


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """It answers until the end of the block."""
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def kubeconfig(url: str, context: str, user: str = "somebody", login: Mapping[str, str] | None = None) -> str:
    """The file's text, in JSON, which YAML is too."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": context,
            "contexts": [{"name": context, "context": {"cluster": "there", "user": user}}],
            "clusters": [{"name": "there", "cluster": {"server": url}}],
            "users": [{"name": user, "user": dict(login or {})}],
        }
    )
