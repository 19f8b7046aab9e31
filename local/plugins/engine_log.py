"""Warnings that the engine shows beside a resource."""

from __future__ import annotations

import contextlib

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_SECONDS = 5.0


class EngineLog:
    """Talks to the engine that started the plugin; with an empty address it says nothing."""

    def __init__(self, address: str) -> None:
        self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)) if address else None

    def warn(self, urn: str, message: str) -> None:
        """One warning; an engine that does not listen any more is no reason to fail."""
        if self._stub is None:
            return
        with contextlib.suppress(grpc.RpcError):
            request = engine_pb2.LogRequest(severity=engine_pb2.LogSeverity.WARNING, message=message, urn=urn)
            self._stub.Log(request, timeout=_SECONDS)
