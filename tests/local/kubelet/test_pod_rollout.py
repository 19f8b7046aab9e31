"""The API starts, changes and ends with the Deployment, as a rollout would; a crash is retried ever more slowly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from local.kubelet import deployment, desired_state, kubelet
from local.kubelet.cluster import UnreachableError
from local.kubelet.container import Container
from local.kubelet.desired_state import Absence, DesiredState, NotYet
from local.kubelet.environment import Environment, Reference
from local.kubelet.kubelet import Kubelet, backoff
from local.kubelet.process import Process
from local.kubelet.status import State


def described(**status: int) -> dict[str, Any]:
    """A Deployment of one replica in its second generation."""
    pod = {"containers": [{"name": "clearml-apiserver", "env": [{"name": "A", "value": "1"}]}]}
    ready = {"observedGeneration": 2, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    return {
        "metadata": {"namespace": "clearml", "name": "server", "uid": "u1", "generation": 2},
        "spec": {"replicas": 1, "template": {"spec": pod}},
        "status": {**ready, **status},
    }


class StillCluster:
    """A cluster that holds what it is given."""

    def __init__(self, *deployments: dict[str, Any]) -> None:
        self.held = deployments

    def deployments(self) -> list[Mapping[str, Any]]:
        return list(self.held)

    def content(self, _namespace: str, _reference: Reference, /) -> Mapping[str, str] | None:
        return None


class AwayCluster(StillCluster):
    """A cluster that does not answer."""

    def deployments(self) -> list[Mapping[str, Any]]:
        raise UnreachableError("away")


class Run:
    """A container as the kubelet sees it, living as long as the test says."""

    def __init__(self, of: DesiredState) -> None:
        self.of = of
        self.alive = True
        self.since = clock.now
        self.process = Process(1, 0)

    @property
    def listening(self) -> bool:
        return self.alive

    def failure(self) -> str:
        return "it broke"

    def stop(self) -> None:
        self.alive = False


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


clock = Clock()


class Node:
    """A kubelet under test: every run it started, and the last it said of itself."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.said: list[State] = []
        self._kubelet = Kubelet(self._launch, self.said.append)

    def _launch(self, of: DesiredState) -> Container:
        self.runs.append(Run(of))
        return cast(Container, self.runs[-1])

    def see(self, what: DesiredState | NotYet | Absence, after: float = 0) -> State:
        clock.now += after
        self._kubelet.step(what)
        return self.said[-1]

    @property
    def alive(self) -> list[Run]:
        return [run for run in self.runs if run.alive]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    monkeypatch.setattr(kubelet, "time", clock)
    return Node()


def server(template: str = "t1", key: str = "s1", uid: str = "u1") -> DesiredState:
    return DesiredState(uid, template, Environment({"KEY": key}, frozenset({key})))


@pytest.mark.parametrize(
    "status",
    [
        {"observedGeneration": 1},
        {"availableReplicas": 0},
        {"updatedReplicas": 0},
        {"replicas": 2},
    ],
    ids=["not taken up", "not available", "not updated", "only an old pod available"],
)
def test_nothing_starts_before_the_rollout_is_through(status: dict[str, int]) -> None:
    found = desired_state.read(StillCluster(described(**status)))
    assert isinstance(found, NotYet)
    assert "clearml/server" in found.reason


def test_a_rolled_out_deployment_is_wanted() -> None:
    found = desired_state.read(StillCluster(described()))
    assert isinstance(found, DesiredState)
    assert found.environment.variables == {"A": "1"}


def test_an_old_pod_on_its_way_out_does_not_hold_up_the_new_one() -> None:
    assert isinstance(desired_state.read(StillCluster(described(replicas=2, availableReplicas=2))), DesiredState)


def test_without_a_deployment_nothing_may_run() -> None:
    assert isinstance(desired_state.read(StillCluster()), Absence)


def test_a_deployment_on_its_way_out_is_gone() -> None:
    leaving = described()
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert isinstance(desired_state.read(StillCluster(leaving)), Absence)


def test_a_deployment_scaled_to_nothing_is_gone() -> None:
    idle = described()
    idle["spec"]["replicas"] = 0
    assert isinstance(desired_state.read(StillCluster(idle)), Absence)


def test_a_missing_secret_is_said() -> None:
    needs = described()
    reference = {"secretKeyRef": {"name": "clearml-conf", "key": "k"}}
    needs["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "KEY", "valueFrom": reference}]
    found = desired_state.read(StillCluster(needs))
    assert isinstance(found, NotYet)
    assert "Secret clearml-conf does not exist" in found.reason


def test_of_two_deployments_the_oldest_counts() -> None:
    old, new = described(), described()
    old["metadata"]["creationTimestamp"], new["metadata"]["creationTimestamp"] = "2026-01-01", "2026-01-02"
    assert deployment.choose([new, old]) is old


def test_what_is_wanted_runs(node: Node) -> None:
    assert node.see(server()).api == "running"
    assert node.see(server(), after=100).api == "running"
    assert len(node.runs) == 1


def test_a_cluster_that_goes_away_leaves_the_api_alone(node: Node) -> None:
    node.see(server())
    away = desired_state.read(AwayCluster())
    assert isinstance(away, NotYet)
    assert node.see(away).api == "running"
    assert len(node.alive) == 1


def test_pods_that_are_away_for_a_while_leave_the_api_alone(node: Node) -> None:
    node.see(server())
    assert node.see(NotYet("0 of 1", "u1", "t1")).api == "running"


def test_a_rollout_ends_the_old_settings_at_its_start_and_begins_the_new_at_its_end(node: Node) -> None:
    node.see(server())
    assert node.see(NotYet("0 of 1", "u1", "t2")).api == "waiting"
    assert node.alive == []
    assert node.see(server(template="t2")).api == "running"


def test_a_new_template_takes_over_at_once(node: Node) -> None:
    node.see(server())
    node.see(server(template="t2"))
    assert [run.of.template for run in node.alive] == ["t2"]


def test_a_changed_secret_takes_over_once_it_has_settled(node: Node) -> None:
    node.see(server())
    node.see(server(key="s2"), after=1)
    node.see(server(key="s3"), after=1)
    assert len(node.runs) == 1
    node.see(server(key="s3"), after=1)
    assert [run.of for run in node.alive] == [server(key="s3")]


def test_another_deployment_in_its_place_ends_the_first(node: Node) -> None:
    node.see(server())
    assert node.see(NotYet("0 of 1", "u2")).api == "waiting"
    assert node.alive == []


def test_a_deployment_that_is_gone_takes_the_api_with_it(node: Node) -> None:
    node.see(server())
    state = node.see(Absence("no Deployment"))
    assert (state.api, state.reason, node.alive) == ("waiting", "no Deployment", [])


def test_a_crash_is_said_and_retried_ever_more_slowly(node: Node) -> None:
    node.see(server())
    for pause in (1.0, 2.0, 4.0):
        node.runs[-1].alive = False
        assert node.see(server()) == State("crashed", "it broke", None)
        assert node.see(server(), after=pause - 0.1).api == "crashed"
        assert node.see(server(), after=0.2).api == "running"
    assert [backoff(count) for count in (1, 2, 5, 6, 100)] == [1, 2, 16, 30, 30]


def test_a_fix_does_not_wait_for_the_backoff(node: Node) -> None:
    node.see(server())
    node.runs[-1].alive = False
    node.see(server())
    assert node.see(server(template="fixed")).api == "running"
