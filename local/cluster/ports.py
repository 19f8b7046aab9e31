"""Ports for a cluster's processes, its own for as long as it exists, also while it does not run."""

from __future__ import annotations

import secrets
import socket

# Below those that systems give to connections of their own, 32768 on Linux and 49152 on macOS.
_RANGE = range(10_000, 32_768)


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody listens on now, by chance.

    kwokctl would search from the top for what is free at the moment, so a cluster made while another is down takes the
    other's ports, and that one can never be started again.
    """
    tried = secrets.SystemRandom().sample(_RANGE, len(_RANGE))
    free = (port for port in tried if _is_free(port))
    return [next(free) for _ in range(count)]


def free_port() -> int:
    """One such port."""
    return free_ports(1)[0]


def _is_free(port: int) -> bool:
    """Whether nobody listens on it, neither on the loopback nor on every address of this machine."""
    return all(_binds(host, port) for host in ("127.0.0.1", ""))


def _binds(host: str, port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
