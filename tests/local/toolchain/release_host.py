"""A publisher's release host on a local port, and the tools it publishes."""

from __future__ import annotations

import hashlib
import io
import stat
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.toolchain.tool import Release, Source, Tool
from local.toolchain.version import Range, Version

PINNED = Version(2, 5, 0)


def script(version: object) -> bytes:
    """An executable that tells its version, as every tool does."""
    return f"#!/bin/sh\necho 'frob v{version}'\n".encode()


def tool(url: str = "http://127.0.0.1:9", suffix: str = ".tar.gz", name: str = "frob") -> Tool:
    """A tool whose release lies at `url`; by default nobody is there."""
    return Tool(
        name=name,
        version=PINNED,
        accepts=Range(Version(2, 3, 0)),
        probe=("version",),
        release=Release(f"{url}/{name}{suffix}", f"{url}/sums", folder="frob" if suffix else ""),
        source=Source("environment", f"example.org/{name}", 1),
    )


def tarball(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o644 if name.endswith(".txt") else 0o755
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = (stat.S_IFREG | 0o755) << 16
            archive.writestr(member, content)
    return out.getvalue()


def sums(files: Mapping[str, bytes], algorithm: str = "sha256") -> bytes:
    """A checksum list as publishers write it."""
    lines = (f"{hashlib.new(algorithm, content).hexdigest()}  {name}" for name, content in files.items())
    return ("\n".join(lines) + "\n").encode()


class Host:
    """`files` by name; `asked` are the paths of all requests; a name in `cut` is announced whole and sent in half."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.cut: set[str] = set()
        self.asked: list[str] = []

    def publish(self, files: Mapping[str, bytes], algorithm: str = "sha256") -> None:
        """Put files and their checksum list there."""
        self.files = {**files, "sums": sums(files, algorithm)}


@contextmanager
def release_host() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            host.asked.append(name)
            content = host.files.get(name)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write((content or b"")[: len(content or b"") // 2 if name in host.cut else None])

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
