"""`python -u -m tests.api.journal_cluster`: the cluster on paper, which writes down every call that changes something.

What has another name or namespace is another object here, as it is to the official plugin. A call can be made to fail
before or after it is done: after is what a run that is killed leaves, whose state does not know of it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pulumi.runtime.proto import provider_pb2_grpc

from local.plugins.contract import Difference, Differences, Operation
from local.plugins.errors import PluginError
from local.plugins.properties import Properties, plain
from local.plugins.server import serve
from local.plugins.servicer import Servicer
from tests.api.paper_cluster import Paper, PaperCluster

JOURNAL = "JOURNAL_FILE"
# The file says which call fails, counted from 1, and when: `3 before`.
FAILURE = "JOURNAL_FAILURE"
_RELEASE = "kubernetes:helm.sh/v3:Release"


@dataclass(frozen=True)
class Call:
    """One call that changed something in `cluster`; a namespace itself is in none."""

    verb: Literal["create", "update", "delete"]
    kind: str
    cluster: str
    namespace: str
    name: str


def calls(file: Path) -> list[Call]:
    """Those that were done, in their order."""
    return [Call(**json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []


class JournalPaper(Paper):
    """Paper that is in a cluster."""

    def __init__(self, cluster: str) -> None:
        self._cluster = cluster

    def diff(self, operation: Operation) -> Differences:
        found = super().diff(operation)
        if _address(operation.subject.token, operation.old_inputs) == _address(
            operation.subject.token, operation.inputs
        ):
            return found
        return Differences([Difference(each.path, each.change, replace=True) for each in found.entries])

    def create(self, operation: Operation) -> tuple[str, Properties]:
        if operation.preview:
            return super().create(operation)
        with self._written("create", operation.subject.token, operation.inputs):
            return super().create(operation)

    def update(self, operation: Operation) -> Properties:
        if operation.preview:
            return super().update(operation)
        with self._written("update", operation.subject.token, operation.inputs):
            return super().update(operation)

    def delete(self, operation: Operation) -> None:
        with self._written("delete", operation.subject.token, operation.state):
            super().delete(operation)

    @contextmanager
    def _written(self, verb: Literal["create", "update", "delete"], token: str, given: Properties) -> Iterator[None]:
        name, namespace = _address(token, given)
        call = Call(verb, token.rsplit(":", 1)[-1], self._cluster, namespace, name)
        with Path(os.environ[JOURNAL]).open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            number = len(file.readlines()) + 1
            when = _failure(number)
            if when != "before":
                file.write(f"{json.dumps(asdict(call))}\n")
        if when:
            raise PluginError(f"call {number} fails {when} it is done")
        yield


def _failure(number: int) -> str:
    file = Path(os.environ[FAILURE])
    at, _, when = file.read_text().partition(" ") if file.exists() else ("", "", "")
    # All that would be done beside it ends, too, as it does where the machine is gone.
    return when if at and number >= int(at) else ""


def _address(token: str, given: Properties) -> tuple[str, str]:
    read: Mapping[str, Any] = plain(given)
    if token != _RELEASE:
        read = read.get("metadata") or {}
    return str(read.get("name") or ""), str(read.get("namespace") or "")


class JournalCluster(PaperCluster):
    """One process of it for each provider of the program."""

    _cluster = ""

    def configure(self, variables: Mapping[str, str]) -> None:
        self._cluster = variables.get("clusterIdentifier", "")

    def kind(self, _token: str) -> Paper:
        return JournalPaper(self._cluster)


def main() -> None:
    servicer = Servicer(JournalCluster())
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server))


if __name__ == "__main__":
    main()
