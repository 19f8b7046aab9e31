"""A Kubernetes API server with nothing in it, as far as a heal asks, and the kubeconfig that leads there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Empty(BaseHTTPRequestHandler):
    """Whatever is listed, there is none."""

    def do_GET(self) -> None:
        content = json.dumps({"kind": "NamespaceList", "apiVersion": "v1", "metadata": {}, "items": []}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads it."""


@contextmanager
def empty_cluster() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Empty)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def kubeconfig(server: str, context: str, remark: str) -> str:
    """The file's text, in JSON, which YAML is too; `remark` is the user's name, so that files differ."""
    entry = {"cluster": "there", "user": remark}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "there", "cluster": {"server": server}}],
            "users": [{"name": remark, "user": {"token": remark}}],
            "contexts": [{"name": context, "context": entry}],
        }
    )
