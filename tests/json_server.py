"""A server that gives JSON, such as a Kubernetes API server that knows little; and the kubeconfig that leads to one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = Callable[[str], tuple[int, object]]


class JsonServer(ThreadingHTTPServer):
    """`answer` says status and content for a path; `asked` are the paths of all calls so far."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: JsonServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, content = self.server.answer(self.path)
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def serving_json(answer: Answer) -> Iterator[JsonServer]:
    server = JsonServer(answer)
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
