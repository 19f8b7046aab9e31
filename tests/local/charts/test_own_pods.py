"""Values of the open-source charts that shape a part's own pods arrive in these: a change restarts that part."""

from __future__ import annotations

import json
from typing import Any

import pytest

from operations.preview.restarts.release_restarts import Pods, pods_of
from tests.local.documented_values import AGENT_POD, SERVER_POD
from tests.local.helm import AGENT, SERVER, Object, Values, of_kind, render

PARTS = ("apiserver", "fileserver", "webserver")
# It changes how many pods there are, and none of them.
_COUNT = "replicaCount"


def _pods(chart: str, values: Values) -> Pods:
    return pods_of(render(chart, values, "tried"))


def _restarted(chart: str, values: Values) -> set[str]:
    before, after = _pods(chart, {}), _pods(chart, values)
    assert before.keys() == after.keys()
    return {name.removeprefix("tried-") for name in before if before[name] != after[name]}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("key", [key for key in SERVER_POD if key != _COUNT])
def test_a_part_of_the_server_restarts_alone(part: str, key: str) -> None:
    assert _restarted(SERVER, {part: {key: SERVER_POD[key]}}) == {part}


@pytest.mark.parametrize("key", [key for key in AGENT_POD if key != _COUNT])
def test_the_agent_restarts(key: str) -> None:
    assert _restarted(AGENT, {"agentk8sglue": {key: AGENT_POD[key]}}) == {"tried"}


@pytest.mark.parametrize(
    ("values", "restarted"),
    [
        ({"mongodb": {"resources": {"limits": {"memory": "4Gi"}}}}, {"mongodb"}),
        ({"redis": {"master": {"resources": {"limits": {"memory": "4Gi"}}}}}, {"redis"}),
        ({"elasticsearch": {"esJavaOpts": "-Xmx4g"}}, {"elasticsearch"}),
        ({"elasticsearch": {"volumeClaimTemplate": {"resources": {"requests": {"storage": "1Ti"}}}}}, set()),
        ({"mongodb": {"persistence": {"size": "1Ti"}}}, set()),
    ],
)
def test_a_database_restarts_by_its_own_values(values: Values, restarted: set[str]) -> None:
    assert _restarted(SERVER, values) == restarted


def test_a_database_has_no_pods_here() -> None:
    found = of_kind(render(SERVER, {}), "StatefulSet")
    assert {name: each["spec"]["replicas"] for name, each in found.items()} == dict.fromkeys(
        ("tried-mongodb", "tried-redis", "tried-dragonfly", "tried-elasticsearch"), 0
    )


def _deployment(values: Any) -> Object:
    (found,) = of_kind(render(AGENT, {"agentk8sglue": values}), "Deployment").values()
    spec: Object = found["spec"]
    return spec


def test_what_is_said_arrives_as_it_is() -> None:
    spec = _deployment(AGENT_POD)
    pod, (container,) = spec["template"]["spec"], spec["template"]["spec"]["containers"]
    assert spec["replicas"] == AGENT_POD["replicaCount"]
    assert container["image"] == "registry.example.com/mirror/x:1"
    assert container["resources"] == AGENT_POD["resources"]
    placement = json.loads(spec["template"]["metadata"]["annotations"]["stand-in/placement"])
    assert placement == {key: AGENT_POD[key] for key in ("nodeSelector", "tolerations", "affinity", "volumes")}
    assert not {"nodeSelector", "tolerations", "affinity"} & pod.keys()
    assert pod["securityContext"]["fsGroup"] == 1
    assert spec["template"]["metadata"]["labels"]["team"] == "ml"
    assert spec["selector"]["matchLabels"].keys() == {"app.kubernetes.io/name", "app.kubernetes.io/instance"}
    assert {"name": "ca", "configMap": {"name": "ca"}} in pod["volumes"]
    assert {"name": "ca", "mountPath": "/ca"} in container["volumeMounts"]


def test_a_claim_that_is_not_there_holds_no_pod_up() -> None:
    claim = {"name": "d", "persistentVolumeClaim": {"claimName": "data"}}
    assert {"name": "d", "emptyDir": {}} in _deployment({"volumes": [claim]})["template"]["spec"]["volumes"]
    assert _restarted(SERVER, {"apiserver": {"additionalVolumes": [claim]}}) == {"apiserver"}
