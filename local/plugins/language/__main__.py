"""`python -u -m local.plugins.language ENGINE_ADDRESS`: started by the engine."""

from __future__ import annotations

import sys

from local.plugins.protocol import leave_out_sdk

leave_out_sdk()

from pulumi.runtime.proto import language_pb2_grpc  # noqa: E402

from local.plugins.language.host import Host  # noqa: E402
from local.plugins.server import serve  # noqa: E402


def main() -> None:
    host = Host(next((argument for argument in sys.argv[1:] if not argument.startswith("-")), ""))
    serve(lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server), host.stop)


if __name__ == "__main__":
    main()
