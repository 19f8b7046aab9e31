"""Addresses to listen on, and serving several applications in one process until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from local.emulator.http.connection import Connection


class AddressError(ValueError):
    """An address cannot be listened on; one line."""


@dataclass(frozen=True)
class Address:
    """Host and port; port 0: whichever is free."""

    host: str
    port: int

    @classmethod
    def parse(cls, option: str, text: str) -> Address:
        """From `HOST:PORT`. Raises AddressError naming the option."""
        host, separator, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not separator or not host or not port.isdecimal() or int(port) > 65535:
            raise AddressError(f"{option} {text}: give HOST:PORT, such as 127.0.0.1:8008")
        return cls(host, int(port))

    @property
    def is_loopback(self) -> bool:
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return self.host == "localhost"

    def bind(self, option: str) -> socket.socket:
        """A socket that is bound and listens. Raises AddressError: taken, or not an address of this machine."""
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
            )[0]
            # With the protocol named, asyncio sends without delay; without it, each answer takes 40 ms more.
            bound = socket.socket(family, kind, protocol)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen(1024)
        except OSError as error:
            raise AddressError(
                f"{option} {self.host}:{self.port}: {error.strerror}: stop what holds it, or give another"
            ) from error
        return bound


def url_of(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Leaves signals to `serve`, which stops all of them at once."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(applications: list[tuple[ASGIApp, socket.socket]], ready: Callable[[], None]) -> None:
    """Serve each application on its socket until SIGTERM or SIGINT; calls under way are finished, for 5 s at most."""
    asyncio.run(_serve(applications, ready))


async def _serve(applications: list[tuple[ASGIApp, socket.socket]], ready: Callable[[], None]) -> None:
    servers = [_Server(_settings(application)) for application, _ in applications]
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, servers)
    loop.call_soon(ready)
    await asyncio.gather(
        *(server.serve(sockets=[bound]) for server, (_, bound) in zip(servers, applications, strict=True))
    )


def _settings(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=Connection,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def _stop(servers: list[_Server]) -> None:
    for server in servers:
        server.should_exit = True
