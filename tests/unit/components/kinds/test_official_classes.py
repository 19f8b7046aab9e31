"""The engine is asked the same by our classes as by Pulumi's own: who has a state of either sees nothing change.

Every field of the request counts: token, inputs, secret outputs, aliases, and the plugin's version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from google.protobuf import json_format
from pulumi._types import input_type_py_to_pulumi_names
from pulumi_kubernetes.core.v1 import LimitRange as OfficialLimitRange
from pulumi_kubernetes.core.v1 import Namespace as OfficialNamespace
from pulumi_kubernetes.core.v1 import ResourceQuota as OfficialResourceQuota
from pulumi_kubernetes.core.v1 import Secret as OfficialSecret
from pulumi_kubernetes.helm.v3 import Release as OfficialRelease
from pulumi_kubernetes.helm.v3 import ReleaseArgs
from pulumi_kubernetes.networking.v1 import NetworkPolicy as OfficialNetworkPolicy

from components.kinds.helm import Release
from components.kinds.objects import LimitRange, Namespace, NetworkPolicy, ResourceQuota, Secret
from settings.types.naming import RELEASE
from tests.unit.deployment import finished, inputs, run_program, start

Make = Callable[[pulumi.ResourceOptions], object]
# Where in the caller's code a resource is made, which differs for any two.
_OF_THE_CALLER = ("sourcePosition", "stackTrace")
# Any: a mapping of fields in the place of a typed one, as the engine takes both.
_METADATA: Any = {"name": "acme", "namespace": "acme", "labels": {"clearml-tenants/stack": "prod"}}
_LIMITS: Any = {"limits": [{"type": "Container", "default": {"cpu": "1"}, "defaultRequest": {"cpu": "500m"}}]}
_QUOTA: Any = {"hard": {"requests.cpu": "8"}}
_PEERS = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "clearml"}}}]
_POLICY: Any = {
    "podSelector": {},
    "policyTypes": ["Egress"],
    "egress": [{"to": _PEERS, "ports": [{"port": 8008}]}],
}
_RELEASE: Any = {
    **{"name": "acme-agent", "namespace": "acme", "chart": "clearml-enterprise-agent", "version": "6.14.1"},
    **{"values": {"agentk8sglue": {"replicaCount": 2, "queues": None}}, "timeout": 600, "atomic": False},
    "description": None,
}
_OFFICIAL_RELEASE: dict[str, Any] = {
    **{name: _RELEASE[name] for name in ("name", "namespace", "chart", "version", "values", "timeout", "atomic")},
    **{"skip_await": False, "repository_opts": {"repo": "https://charts.example"}},
}
_KINDS: dict[str, tuple[Make, Make]] = {
    "Namespace": (
        lambda opts: Namespace("acme", _METADATA, opts),
        lambda opts: OfficialNamespace("acme", metadata=_METADATA, opts=opts),
    ),
    "Secret": (
        lambda opts: Secret("acme", _METADATA, {"key": "c2VjcmV0"}, opts, type="Opaque"),
        lambda opts: OfficialSecret("acme", metadata=_METADATA, data={"key": "c2VjcmV0"}, type="Opaque", opts=opts),
    ),
    "LimitRange": (
        lambda opts: LimitRange("acme", _METADATA, _LIMITS, opts),
        lambda opts: OfficialLimitRange("acme", metadata=_METADATA, spec=_LIMITS, opts=opts),
    ),
    "ResourceQuota": (
        lambda opts: ResourceQuota("acme", _METADATA, _QUOTA, opts),
        lambda opts: OfficialResourceQuota("acme", metadata=_METADATA, spec=_QUOTA, opts=opts),
    ),
    "NetworkPolicy": (
        lambda opts: NetworkPolicy("acme", _METADATA, _POLICY, opts),
        lambda opts: OfficialNetworkPolicy("acme", metadata=_METADATA, spec=_POLICY, opts=opts),
    ),
    "Release": (
        lambda opts: Release(
            "acme",
            {**_RELEASE, "skipAwait": False, "repositoryOpts": {"repo": "https://charts.example"}},
            opts,
        ),
        lambda opts: OfficialRelease("acme", opts=opts, **_OFFICIAL_RELEASE),
    ),
}


def _request(make: Make) -> dict[str, Any]:
    monitor = start()
    finished(lambda: make(pulumi.ResourceOptions(protect=True, ignore_changes=["metadata.annotations"])))
    (found,) = [each for each in monitor.registered if each.name == "acme"]
    return {name: each for name, each in json_format.MessageToDict(found).items() if name not in _OF_THE_CALLER}


@pytest.mark.parametrize("kind", _KINDS)
def test_the_engine_is_asked_the_same_as_by_pulumis_own_class(kind: str) -> None:
    ours, official = map(_request, _KINDS[kind])
    assert ours == official
    assert ours["type"].endswith(f":{kind}")
    assert ours["version"]


def test_a_release_has_no_argument_that_pulumis_class_does_not_know() -> None:
    """Ours takes any, and the plugin passes over one that it does not know."""
    monitor = start()
    finished(run_program)
    asked = {name for request in monitor.of_type(RELEASE) for name in inputs(request)}
    assert {"chart", "values", "maxHistory"} <= asked
    assert asked <= set(input_type_py_to_pulumi_names(ReleaseArgs).values())
