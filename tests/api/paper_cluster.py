"""`python -u -m tests.api.paper_cluster`: a kubernetes plugin without a cluster; all it is asked for is there at once.

For tests of the whole program that ask what the engine and the API say, not what Kubernetes does: that is tests/e2e.
It masks secrets as the official plugin does (`annotateSecrets` of its provider.go), so that no test sees more than a
person would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata

from pulumi.runtime.proto import provider_pb2_grpc

from local.plugins.contract import CheckResult, Differences, Found, Operation
from local.plugins.difference import compare
from local.plugins.errors import PluginError
from local.plugins.properties import UNKNOWN, Properties, Secret, marked_like, plain
from local.plugins.server import serve
from local.plugins.servicer import Servicer

_RELEASE = "kubernetes:helm.sh/v3:Release"
# A value that no chart knows: pods of a release that has it never become ready.
UNHEALTHY = "paperPodsNeverReady"
_IDENTIFIER = "clusterIdentifier"
_CLUSTER_INPUTS = ("kubeconfig", "context", "cluster")


class Paper:
    """A `Kind` for everything: kept as it was asked for, changed in place."""

    def check(self, operation: Operation) -> CheckResult:
        return CheckResult(masked(operation.inputs))

    def diff(self, operation: Operation) -> Differences:
        return Differences(compare(operation.old_inputs, operation.inputs))

    def create(self, operation: Operation) -> tuple[str, Properties]:
        return operation.subject.name, _state(operation)

    def read(self, operation: Operation) -> Found:
        return Found(operation.identifier, operation.state, operation.old_inputs)

    def update(self, operation: Operation) -> Properties:
        return _state(operation)

    def delete(self, operation: Operation) -> None:
        pass


def masked(inputs: Properties) -> Properties:
    """The inputs, secret where the official plugin's are: it hides a whole list for one secret in it, and the whole of
    a Secret's data, whatever the program marked there."""
    if inputs.get("kind") != "Secret":
        marked: Properties = marked_like(plain(inputs), inputs)
        return marked
    hidden = {name: Secret(plain(inputs[name])) for name in ("data", "stringData") if name in inputs}
    return {**plain(inputs), **hidden}


def _state(operation: Operation) -> Properties:
    if UNHEALTHY in (plain(operation.inputs).get("values") or {}):
        raise PluginError(f"release {operation.subject.name}: timed out waiting for its pods")
    inputs = masked(operation.inputs)
    deployed = {"name": operation.subject.name, "status": "deployed", "revision": 1, "version": "0.1.0"}
    return {**inputs, **({"status": deployed} if operation.subject.token == _RELEASE else {})}


class PaperCluster:
    """Knows every kind and nothing else."""

    name = "kubernetes"
    version = metadata.version("pulumi_kubernetes")

    def configure(self, _variables: Mapping[str, str]) -> None:
        pass

    def kind(self, _token: str) -> Paper:
        return Paper()

    def config_replaces(self, olds: Properties, news: Properties) -> Sequence[str]:
        """As the official plugin's `DiffConfig`, to which all contexts of a kubeconfig here are the same cluster.

        The same identifier is the same cluster; another one is another. An unknown input is another, too.
        """
        before, after = olds.get(_IDENTIFIER), news.get(_IDENTIFIER)
        if after is not None and after == before:
            return ()
        named = (_IDENTIFIER,) if before is not None and after is not None else ()
        unknown = any(news.get(name) is UNKNOWN for name in _CLUSTER_INPUTS)
        return (*named, *_CLUSTER_INPUTS) if unknown else named


def main() -> None:
    servicer = Servicer(PaperCluster())
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server))


if __name__ == "__main__":
    main()
