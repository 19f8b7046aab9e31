"""`python -u -m local.plugins.language ENGINE_ADDRESS`: started by the engine."""

from __future__ import annotations

import sys

from pulumi.runtime.proto import language_pb2_grpc

from local.plugins.language.host import Host
from local.plugins.server import serve


def main() -> None:
    host = Host(next((argument for argument in sys.argv[1:] if not argument.startswith("-")), ""))
    serve(lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server), host.stop)


if __name__ == "__main__":
    main()
