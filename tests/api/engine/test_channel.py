"""The way from a program to its engine, in a process that calls thousands of them."""

from __future__ import annotations

from concurrent import futures

import grpc
import pytest
from pulumi.runtime import _grpc_settings

from tests.api import stack as _stack  # noqa: F401 - it sets how the SDK reaches an engine


class _Echo(grpc.GenericRpcHandler):  # type: ignore[misc]
    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:  # noqa: ARG002 - the base's
        return grpc.unary_unary_rpc_method_handler(lambda request, _context: request)


def _serve(port: int) -> tuple[grpc.Server, int]:
    server = grpc.server(futures.ThreadPoolExecutor(1), options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers((_Echo(),))
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server, bound


def _call(port: int) -> tuple[grpc.Channel, bytes]:
    channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_grpc_settings._GRPC_CHANNEL_OPTIONS)
    return channel, channel.unary_unary("/engine/Log")(b"said")


def _refusal(channel: grpc.Channel) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary("/engine/Log")(b"said too late")
    return str(caught.value)


def test_engine_on_the_port_of_one_that_has_gone_is_reached_at_once() -> None:
    first, port = _serve(0)
    left, _ = _call(port)  # The SDK closes no channel.
    first.stop(None).wait()
    # The first words may still end with the old connection.
    refused = (_refusal(left) for _ in range(100))
    assert any("Connection refused" in each for each in refused)
    second, _ = _serve(port)
    try:
        assert _call(port)[1] == b"said"
    finally:
        second.stop(None).wait()
