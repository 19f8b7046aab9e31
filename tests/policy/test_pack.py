"""The pack as an engine talks to it: over gRPC; only the plugin that starts it is missing here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key

ROOT = Path(__file__).resolve().parents[2]
RELEASE = "kubernetes:helm.sh/v3:Release"
DOMAINS = "pulumi-python:dynamic/clearml:Domains"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Started elsewhere than in the project, where its own folder is all that Python finds; on its own lock."""
    made = [f"PYTHON={sys.executable}", "policy/.venv/.ready"]
    subprocess.run(["make", "--no-print-directory", *made], cwd=ROOT, check=True)
    command = [
        str(ROOT / "policy" / ".venv" / "bin" / "python"),
        "-u",
        "-m",
        "pulumi.policy",
        "127.0.0.1:1",
        str(ROOT / "policy"),
    ]
    with subprocess.Popen(command, cwd=tmp_path_factory.mktemp("elsewhere"), stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.kill()


def _struct(props: dict[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(props)
    return made


def _release(**props: Any) -> analyzer_pb2.AnalyzeRequest:
    urn = f"urn:pulumi:prod::clearml-tenants::{RELEASE}::acme-agent"
    return analyzer_pb2.AnalyzeRequest(type=RELEASE, urn=urn, name="acme-agent", properties=_struct(props))


def test_it_holds_these_policies_all_but_two_mandatory(pack: Any) -> None:
    told = pack.GetAnalyzerInfo(empty_pb2.Empty())
    assert told.name == "clearml-tenants"
    assert {policy.name for policy in told.policies} == {
        "pinned-charts",
        "listed-registries",
        "images-of-the-chart",
        "no-plain-credentials",
        "no-cluster-rights",
        "rights-of-the-chart",
        "rights-of-the-server",
        "objects-of-the-server",
        "selected-pods",
        "rendered-charts",
        "protected-companies",
        "closed-namespaces",
        "own-clusters",
        "unique-domains",
    }
    advised = {policy.name for policy in told.policies if policy.enforcementLevel != analyzer_pb2.MANDATORY}
    assert advised == {"objects-of-the-server", "rendered-charts"}


def test_a_violation_stops_the_run(pack: Any) -> None:
    (told,) = pack.Analyze(_release(chart="oci://docker.io/clearml/agent", version="6.14")).diagnostics
    assert (told.policyName, told.enforcementLevel) == ("pinned-charts", analyzer_pb2.MANDATORY)


def test_a_secret_where_this_program_puts_it_is_sound_and_what_is_unknown_stops_no_policy(pack: Any) -> None:
    secret = {_special_sig_key: _special_secret_sig, "value": "planted"}
    values = {"clearml": {"apiSecret": secret}, "a": {"b": UNKNOWN}, "c": [UNKNOWN]}
    release = _release(chart="oci://docker.io/clearml/agent", version="6.14.1", values=values)
    assert list(pack.Analyze(release).diagnostics) == []


def test_a_policy_of_the_whole_stack_names_the_resource(pack: Any) -> None:
    stack = [
        analyzer_pb2.AnalyzerResource(
            type=DOMAINS,
            urn=f"urn:pulumi:prod::clearml-tenants::{DOMAINS}::{name}-domains",
            name=f"{name}-domains",
            properties=_struct({"user_id": UNKNOWN, "routes": {"acme.example": "new users sign in here"}}),
        )
        for name in ("acme", "globex")
    ]
    (told,) = pack.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=stack)).diagnostics
    assert (told.policyName, told.urn) == ("unique-domains", stack[1].urn)
