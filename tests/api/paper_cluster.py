"""`python -u -m tests.api.paper_cluster`: a kubernetes plugin without a cluster; all it is asked for is there at once.

For tests of the whole program that ask what the engine and the API say, not what Kubernetes does: that is tests/e2e.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata

from pulumi.runtime.proto import provider_pb2_grpc

from local.plugins.contract import Checked, Differences, Found, Operation
from local.plugins.difference import compare
from local.plugins.errors import PluginError
from local.plugins.kubernetes.identity import replaced_by
from local.plugins.properties import Properties
from local.plugins.server import serve
from local.plugins.servicer import Servicer

_RELEASE = "kubernetes:helm.sh/v3:Release"
# A value that no chart knows: pods of a release that has it never become ready.
UNHEALTHY = "paperPodsNeverReady"


class Paper:
    """A `Kind` for everything: kept as it was asked for, changed in place."""

    def check(self, operation: Operation) -> Checked:
        return Checked(operation.inputs)

    def diff(self, operation: Operation) -> Differences:
        return Differences(compare(operation.old_inputs, operation.inputs, operation.old_inputs))

    def create(self, operation: Operation) -> tuple[str, Properties]:
        return operation.subject.name, _state(operation)

    def read(self, operation: Operation) -> Found:
        return Found(operation.identifier, operation.state, operation.old_inputs)

    def update(self, operation: Operation) -> Properties:
        return _state(operation)

    def delete(self, operation: Operation) -> None:
        pass


def _state(operation: Operation) -> Properties:
    if UNHEALTHY in (operation.inputs.get("values") or {}):
        raise PluginError(f"release {operation.subject.name}: timed out waiting for its pods")
    deployed = {"name": operation.subject.name, "status": "deployed", "revision": 1, "version": "0.1.0"}
    return {**operation.inputs, **({"status": deployed} if operation.subject.token == _RELEASE else {})}


class PaperCluster:
    """Knows every kind and nothing else."""

    name = "kubernetes"
    version = metadata.version("pulumi_kubernetes")

    def configure(self, _variables: Mapping[str, str]) -> None:
        pass

    def kind(self, _token: str) -> Paper:
        return Paper()

    def config_replaces(self, olds: Properties, news: Properties) -> Sequence[str]:
        return replaced_by(olds, news, lambda: True)

    def cancel(self) -> None:
        pass

    def stop(self) -> None:
        pass


def main() -> None:
    servicer = Servicer(PaperCluster())
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server), lambda: None)


if __name__ == "__main__":
    main()
