"""A port that is taken: said before anything is started, with who holds it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence

import psutil

from local.errors import LocalError
from local.kubelet.process import Process


def check(port: int, variable: str, ours: Process | None) -> None:
    """Raise LocalError if `port` of the loopback is taken, unless by `ours` while that lives."""
    if not _taken(port):
        return
    holders = _holders(port)
    if ours and ours.alive() and (ours.pid in holders or not holders):
        return
    raise LocalError(
        f"port {port} is taken by {_named(holders)}: end that, or choose another port with {variable}=<port>"
    )


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as refused:
            if refused.errno == errno.EADDRINUSE:
                return True
            raise LocalError(f"port {port} cannot be used: {refused.strerror}: choose another") from refused
    return False


def _holders(port: int) -> list[int]:
    """Ids of the processes that listen on it, as far as this user may know."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.Error:
        return _own_holders(port)
    return [one.pid for one in connections if one.pid and _listens(one, port)]


def _own_holders(port: int) -> list[int]:
    """Where a user may not list everybody's connections (macOS), those of processes they may look into."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(_listens(one, port) for one in process.net_connections("tcp")):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def _listens(connection: object, port: int) -> bool:
    taken = getattr(getattr(connection, "laddr", None), "port", None)
    return taken == port and getattr(connection, "status", "") == psutil.CONN_LISTEN


def _named(holders: Sequence[int]) -> str:
    for pid in holders:
        try:
            return f"{psutil.Process(pid).name()} (process {pid})"
        except psutil.Error:
            continue
    return "a process that cannot be seen from here"
