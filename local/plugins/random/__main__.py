"""`python -u -m local.plugins.random`: started by the engine."""

from __future__ import annotations

from pulumi.runtime.proto import provider_pb2_grpc

from local.plugins.random.provider import RandomProvider
from local.plugins.server import serve
from local.plugins.servicer import Servicer


def main() -> None:
    servicer = Servicer(RandomProvider())
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server))


if __name__ == "__main__":
    main()
