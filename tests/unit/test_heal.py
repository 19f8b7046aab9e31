"""What a run that died left of releases is put right, and nothing that may be somebody else's is touched."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from config.place import Place
from operations.errors import OperationError
from operations.heal import Stack, declared, heal, places
from operations.helm import Found, Helm
from operations.recorded import Recorded, Spot
from tests.unit.asked import ACME, TENANT, project

HERE = Place(kube_context="somewhere")
AGENT = Spot(HERE, "acme", "acme-agent")
SERVER = Spot(HERE, "clearml", "clearml-enterprise")
NAMESPACE = Spot(HERE, "acme", "")
CHARTS = {"acme-agent": "clearml-enterprise-agent-6.14.1", "clearml-enterprise": "clearml-enterprise-11.0.0"}
NOBODYS = Recorded(frozenset(), frozenset())


@dataclass(frozen=True)
class _Helm(Helm):
    """A cluster with one release, whose earlier revisions have these statuses."""

    found: tuple[Found, ...] = ()
    before: Sequence[str] = ()
    done: list[str] = field(default_factory=list)

    def releases(self) -> list[Found]:
        return list(self.found)

    def _run(self, *arguments: str) -> str:
        if arguments[0] == "history":
            return str([{"revision": n + 1, "status": status} for n, status in enumerate(self.before)]).replace(
                "'", '"'
            )
        self.done.append(" ".join(arguments))
        return ""


def _cluster(spot: Spot, status: str, before: Sequence[str] = (), chart: str = "") -> _Helm:
    return _Helm(HERE, found=(Found(spot, status, chart or CHARTS[spot.name]),), before=[*before, status])


def _stack(recorded: Recorded = NOBODYS, *, own_cluster: bool = False) -> Stack:
    return Stack(frozenset({AGENT, SERVER}), recorded, own_cluster)


def _healed(helm: _Helm, stack: Stack) -> tuple[list[str], list[str]]:
    told: list[str] = []
    heal(helm, stack, told.append)
    return helm.done, told


@pytest.mark.parametrize(
    ("status", "before", "done"),
    [
        ("pending-install", [], ["uninstall acme-agent --namespace acme --wait"]),
        ("pending-upgrade", ["deployed"], ["rollback acme-agent 1 --namespace acme"]),
        ("pending-upgrade", ["superseded", "deployed", "failed"], ["rollback acme-agent 2 --namespace acme"]),
        ("pending-rollback", ["superseded", "failed"], ["rollback acme-agent 1 --namespace acme"]),
        ("pending-upgrade", ["failed"], ["rollback acme-agent 1 --namespace acme"]),
        ("deployed", [], []),
        ("failed", [], []),
    ],
)
def test_a_release_in_the_state_is_uninstalled_if_it_never_ran_else_rolled_back(
    status: str, before: list[str], done: list[str]
) -> None:
    did, told = _healed(_cluster(AGENT, status, before), _stack(Recorded(frozenset({AGENT}), frozenset())))
    assert did == done
    assert len(told) == len(done)
    assert all("acme/acme-agent" in line and status in line for line in told)


@pytest.mark.parametrize(("status", "refused"), [("pending-upgrade", True), ("deployed", False)])
def test_nothing_is_touched_where_a_run_may_be_at_work_unseen(status: str, refused: bool) -> None:
    """A workflow heals before each deploy: where nothing has to be healed, a lock that nobody can see stops nothing."""

    def unseen() -> None:
        raise OperationError("whether a run is at work cannot be seen")

    helm = _cluster(AGENT, status, ["deployed"])
    stack = Stack(frozenset({AGENT}), Recorded(frozenset({AGENT}), frozenset()), be_certain=unseen)
    with pytest.raises(OperationError) if refused else nullcontext():
        heal(helm, stack, print)
    assert helm.done == []


@pytest.mark.parametrize("status", ["pending-install", "deployed"])
def test_a_worker_whose_run_died_before_its_record_is_made_anew(status: str) -> None:
    """Its namespace is the stack's by the state, its name by the files."""
    did, told = _healed(_cluster(AGENT, status), _stack(Recorded(frozenset(), frozenset({NAMESPACE}))))
    assert did == ["uninstall acme-agent --namespace acme --wait"]
    assert len(told) == 1


def test_a_worker_that_was_whole_before_its_record_is_made_anew() -> None:
    """The run died between helm's end and the engine's record: the state knows only that it was being made."""
    making = Recorded(frozenset(), frozenset(), making=frozenset({AGENT}))
    did, told = _healed(_cluster(AGENT, "deployed"), _stack(making))
    assert did == ["uninstall acme-agent --namespace acme --wait"]
    assert len(told) == 1


def test_a_server_that_ran_is_never_uninstalled_on_a_cluster_of_others() -> None:
    """It may hold data."""
    recorded = Recorded(frozenset(), frozenset({Spot(HERE, "clearml", "")}))
    did, told = _healed(_cluster(SERVER, "deployed"), _stack(recorded))
    assert did == []
    assert "left alone" in told[0]


@pytest.mark.parametrize("status", ["pending-install", "pending-upgrade", "deployed"])
def test_a_release_of_our_name_that_the_state_does_not_know_is_left_alone(status: str) -> None:
    """The namespace is not the stack's either: somebody may be installing it by hand right now."""
    did, told = _healed(_cluster(AGENT, status, ["deployed"]), _stack())
    assert did == []
    assert [("left alone" in line) for line in told] == ([True] if status.startswith("pending") else [])


@pytest.mark.parametrize(
    "found",
    [
        Found(Spot(HERE, "acme", "redis"), "pending-install", "redis-1.0.0"),
        Found(Spot(HERE, "other", "other-agent"), "pending-upgrade", "clearml-enterprise-agent-6.14.1"),
    ],
)
def test_what_is_somebody_elses_is_not_even_told(found: Found) -> None:
    recorded = Recorded(frozenset({AGENT}), frozenset({NAMESPACE}))
    assert _healed(_Helm(HERE, found=(found,)), _stack(recorded)) == ([], [])


def test_on_a_cluster_of_ones_own_whatever_has_our_chart_is_ours() -> None:
    did, _ = _healed(_cluster(SERVER, "deployed"), _stack(own_cluster=True))
    assert did == ["uninstall clearml-enterprise --namespace clearml --wait"]


def _resource(kind: str, provider: str, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:test::clearml-tenants::pulumi:providers:kubernetes::{provider}::0a1b"
    return {"type": f"kubernetes:{kind}", "provider": urn, "inputs": inputs}


def test_the_state_says_what_is_ours_and_where(tmp_path: Path) -> None:
    """Also what a run was just making when it died, and a tenant whose file is gone."""
    environment = load(project(tmp_path, {ACME: f"{TENANT}workers: {{kubeContext: kind-gpu}}\n"}), "test")
    arn = "arn:aws:eks:eu-west-1:1:cluster/a"
    deployment = {
        "resources": [
            {"type": "pulumi:pulumi:Stack"},
            _resource("core/v1:Namespace", "kubernetes", metadata={"name": "clearml"}),
            _resource("helm.sh/v3:Release", f"kubernetes/context/{arn}", name="gone-agent", namespace="gone"),
        ],
        "pending_operations": [
            {
                "type": "creating",
                "resource": _resource("helm.sh/v3:Release", "kubernetes/kubeconfig/gpu", name="a", namespace="b"),
            }
        ],
    }
    recorded = Recorded.of(deployment, environment)
    assert recorded.namespaces == {Spot(HERE, "clearml", "")}
    assert recorded.releases | recorded.making == {
        Spot(Place(kube_context=arn), "gone", "gone-agent"),
        Spot(Place(kubeconfig="gpu"), "b", "a"),
    }
    assert Spot(Place(kube_context="kind-gpu"), "acme", "acme-gateway") in declared(environment)
    assert [str(place) for place in places(environment, recorded)] == [
        f"context/{arn}",
        "context/kind-gpu",
        "context/somewhere",
        "kubeconfig/gpu",
    ]


def test_a_place_is_looked_for_on_the_way_that_leads_there_now(tmp_path: Path) -> None:
    """Else a context that was renamed before the run that died would hide its releases."""
    workers = "workers: {kubeContext: new, cluster: context/old}\n"
    environment = load(project(tmp_path, {ACME: f"{TENANT}{workers}"}), "test")
    gone = _resource("helm.sh/v3:Release", "kubernetes/berlin", name="gone-agent", namespace="gone")
    provider = {"type": "pulumi:providers:kubernetes", "urn": gone["provider"].rpartition("::")[0]}
    found = Recorded.of(
        {
            "resources": [
                {**provider, "inputs": {"context": "kind-berlin"}},
                gone,
                _resource("helm.sh/v3:Release", "kubernetes/context/old", name="acme-agent", namespace="acme"),
            ]
        },
        environment,
    )
    assert found.releases == {
        Spot(Place(kube_context="new", cluster="context/old"), "acme", "acme-agent"),
        Spot(Place(kube_context="kind-berlin", cluster="berlin"), "gone", "gone-agent"),
    }
    assert found.releases & declared(environment)


def test_a_stack_that_was_never_deployed_has_nothing(tmp_path: Path) -> None:
    assert Recorded.of({}, load(project(tmp_path), "test")) == NOBODYS
