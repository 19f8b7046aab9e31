"""The way to the server: whom we trust, through which proxy, and a deadline on all that is sent and read."""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult
from urllib.request import getproxies, proxy_bypass

import certifi
import httpcore
import httpx

from components.clearml.api.connection import Connection, address
from components.clearml.api.errors import Misconfigured


class Deadline:
    """Until when the calling thread waits for the network; a timeout of each read alone never ends a slow answer."""

    def __init__(self) -> None:
        self._thread = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self._thread.end = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._thread.end

    def remaining(self, timeout: float | None) -> float | None:
        """The timeout, or the seconds until the deadline if those are fewer; never 0, which would mean no waiting."""
        end: float | None = getattr(self._thread, "end", None)
        if end is None:
            return timeout
        left = max(end - time.monotonic(), 0.001)
        return left if timeout is None else min(timeout, left)


class Transport(httpx.HTTPTransport):
    """httpx's own, whose every read and write keeps the deadline."""

    def __init__(self, connection: Connection, deadline: Deadline) -> None:
        super().__init__(verify=_trusted(connection), proxy=_proxy(connection.url))
        # httpx hands no backend on to its pool; tests/api/client/test_slow_answers.py notices should this stop working.
        self._pool._network_backend = _Backend(deadline)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._sockets = httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = self._deadline.remaining(timeout)
        return _Stream(self._sockets.connect_tcp(host, port, seconds, local_address, socket_options), self._deadline)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = self._deadline.remaining(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, seconds), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _trusted(connection: Connection) -> ssl.SSLContext:
    """Those of `apiCaFile`, else of SSL_CERT_FILE or SSL_CERT_DIR, else the public ones. Raises Misconfigured."""
    name, file = "apiCaFile", connection.ca_file
    if file is None:
        name, file = "SSL_CERT_FILE", os.environ.get("SSL_CERT_FILE") or None
    folder = None if file else os.environ.get("SSL_CERT_DIR") or None
    if folder and not _is_folder(folder):
        raise Misconfigured(f"SSL_CERT_DIR {folder[:200]} is not a directory: give one, or unset the variable")
    try:
        return ssl.create_default_context(cafile=file or (None if folder else certifi.where()), capath=folder)
    except (OSError, ValueError) as cause:
        # Only the log of TLS keys, which Python opens too, fails under a file's name.
        if isinstance(cause, OSError) and cause.filename:
            raise Misconfigured("SSLKEYLOGFILE cannot be written: unset the variable, or correct its path") from None
        raise Misconfigured(
            f"{name} {(file or '')[:200]} is not a readable PEM file: give the path of the authority's certificates"
        ) from None


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except OSError:
        return False


def _proxy(url: str) -> httpx.Proxy | None:
    """The environment's for this address. Raises Misconfigured, which never shows a proxy's login."""
    parts = address(url)
    if parts is None or _direct(parts):
        return None
    proxies = getproxies()
    scheme = next((each for each in (parts.scheme, "all") if proxies.get(each)), None)
    if scheme is None:
        return None
    given = proxies[scheme]
    given = given if "://" in given else f"http://{given}"
    if address(given) is None:
        name = f"{scheme.upper()}_PROXY"
        raise Misconfigured(
            f"{name} is not the URL of an HTTP proxy: write it like http://proxy.example.com:3128, or unset it"
        )
    return httpx.Proxy(given)


def _direct(parts: SplitResult) -> bool:
    """Whether NO_PROXY names the host, alone or with its port."""
    host = parts.hostname or ""
    return bool(proxy_bypass(host)) or (parts.port is not None and bool(proxy_bypass(f"{host}:{parts.port}")))
