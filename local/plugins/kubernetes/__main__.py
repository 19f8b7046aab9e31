"""`python -u -m local.plugins.kubernetes ENGINE_ADDRESS`: started by the engine."""

from __future__ import annotations

import sys

from pulumi.runtime.proto import provider_pb2_grpc

from local.plugins.engine_log import EngineLog
from local.plugins.kubernetes.provider import KubernetesProvider
from local.plugins.server import serve
from local.plugins.servicer import Servicer


def main() -> None:
    provider = KubernetesProvider(EngineLog(sys.argv[1] if len(sys.argv) > 1 else ""))
    servicer = Servicer(provider)
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server), provider.stop)


if __name__ == "__main__":
    main()
