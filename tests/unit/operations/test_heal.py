"""What a run that died left of releases is put right; what nobody of this stack made: test_foreign.py."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from operations.errors import OperationError
from operations.releases.heal import heal
from operations.releases.helm import Found
from operations.releases.inventory import Inventory, ReleaseAddress, generated
from operations.releases.obstacles import find
from operations.releases.ownership import Stack, declared, places
from settings.models.cluster_ref import ClusterRef
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project
from tests.unit.paper_helm import (
    AGENT,
    FILES,
    HALF,
    HERE,
    NOBODYS,
    OUR_SERVER,
    OURS,
    SERVER,
    PaperHelm,
    cluster,
    healed,
    stack_with,
)


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
    did, told = healed(cluster(AGENT, status, before), stack_with(Inventory(frozenset({AGENT}), frozenset())))
    assert did == done
    assert len(told) == len(done)
    assert all("acme/acme-agent" in line and status in line for line in told)


@dataclass(frozen=True)
class _Reluctant(PaperHelm):
    """Its first answers to a rollback are these errors."""

    errors: list[str] = field(default_factory=list)

    def _run(self, *arguments: str) -> str:
        told = super()._run(*arguments)
        if arguments[0] == "rollback" and self.errors:
            raise OperationError(self.errors.pop())
        return told


@pytest.mark.parametrize("times", [1, 2])
def test_an_upgrade_that_died_before_it_deleted_an_object_is_rolled_back_by_a_second_attempt(times: int) -> None:
    """Of a release made by hand, whose Secret of keys the upgrade no longer has; what helm says of any other fault, it
    says twice."""
    errors = ['no Secret with the name "clearml-agent-ac" found'] * times
    found = (Found(AGENT, "pending-upgrade", "clearml-enterprise-agent-6.14.1"),)
    helm = _Reluctant(HERE, found=found, before=["deployed", "pending-upgrade"], errors=errors)
    stack, told = stack_with(Inventory(frozenset({AGENT}), frozenset())), list[str]()
    with pytest.raises(OperationError, match="clearml-agent-ac") if times == 2 else nullcontext():
        heal(helm, stack, told.append)
    assert helm.done == ["rollback acme-agent 1 --namespace acme"] * 2
    assert len(told) == 2 - times


@pytest.mark.parametrize(("status", "refused"), [("pending-upgrade", True), ("deployed", False)])
def test_nothing_is_touched_where_a_run_may_be_at_work_unseen(status: str, refused: bool) -> None:
    """A workflow heals before each deploy: where nothing has to be healed, a lock that nobody can see stops nothing."""

    def unseen() -> None:
        raise OperationError("whether a run is at work cannot be seen")

    helm = cluster(AGENT, status, ["deployed"])
    stack = Stack("prod", FILES, Inventory(frozenset({AGENT}), frozenset()), be_certain=unseen)
    with pytest.raises(OperationError) if refused else nullcontext():
        heal(helm, stack, print)
    assert helm.done == []


@pytest.mark.parametrize("chart", ["clearml-enterprise-agent-6.14.1", "mirrored-agent-6.14.1"])
@pytest.mark.parametrize("status", ["pending-install", "failed", "deployed"])
def test_a_worker_whose_run_died_before_its_record_is_made_anew(status: str, chart: str) -> None:
    """It has a key that the state has, so a run of this very state installed it, whatever the chart is called."""
    did, told = healed(cluster(AGENT, status, chart=chart, given=OURS), stack_with(HALF))
    assert did == ["uninstall acme-agent --namespace acme --wait"]
    assert len(told) == 1


def test_a_worker_is_made_anew_also_if_its_file_is_gone() -> None:
    """The run died, and then the change was taken back: the state still says that it was making it."""
    stack = Stack("prod", {}, replace(HALF, making=frozenset({AGENT})))
    assert healed(cluster(AGENT, "pending-install", given=OURS), stack)[0] == [
        "uninstall acme-agent --namespace acme --wait"
    ]


@pytest.mark.parametrize(
    ("status", "before", "disposable", "gone"),
    [
        ("pending-install", [], False, True),
        ("failed", [], False, False),
        ("uninstalling", [], False, False),
        ("deployed", [], False, False),
        ("pending-upgrade", ["deployed"], False, False),
        ("deployed", [], True, True),
    ],
)
def test_a_server_of_ours_that_may_hold_data_is_left_alone(
    status: str, before: list[str], disposable: bool, gone: bool
) -> None:
    """By the internal keys that the state drew for it; on a laptop nothing of it holds data."""
    helm = cluster(SERVER, status, before, given=OUR_SERVER)
    did, _ = healed(helm, stack_with(HALF, disposable=disposable))
    assert did == (["uninstall clearml-enterprise --namespace clearml --wait"] if gone else [])
    if not gone:
        assert "may hold data" in find(helm, helm.releases(), stack_with(HALF))[0]


def _resource(kind: str, provider: str, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:test::clearml-tenants::pulumi:providers:kubernetes::{provider}::0a1b"
    return {"type": f"kubernetes:{kind}", "provider": urn, "inputs": inputs}


def test_the_state_says_what_is_ours_and_where(tmp_path: Path) -> None:
    """Also what a run was just making when it died, and a tenant whose file is gone."""
    files: dict[str, str | bytes] = {STACK_FILE: f"{STACK}    tenantRules: {{contexts: [kind-gpu]}}\n"}
    files[ACME] = f"{TENANT}workers: {{kubeContext: kind-gpu}}\n"
    environment = load_project(tmp_path, {**files})
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
    recorded = Inventory.of(deployment, environment)
    assert recorded.namespaces == {ReleaseAddress(HERE, "clearml", "")}
    assert recorded.releases | recorded.making == {
        ReleaseAddress(ClusterRef(kube_context=arn), "gone", "gone-agent"),
        ReleaseAddress(ClusterRef(kubeconfig="gpu"), "b", "a"),
    }
    assert ReleaseAddress(ClusterRef(kube_context="kind-gpu"), "acme", "acme-gateway") in declared(environment)
    assert [str(place) for place in places(environment, recorded)] == [
        f"context/{arn}",
        "context/kind-gpu",
        "context/somewhere",
        "kubeconfig/gpu",
    ]


def test_a_place_is_looked_for_on_the_way_that_leads_there_now(tmp_path: Path) -> None:
    """Else a context that was renamed before the run that died would hide its releases."""
    workers = "workers: {kubeContext: new, cluster: context/old}\n"
    rules = "    tenantRules: {contexts: [new]}\n"
    environment = load_project(tmp_path, {STACK_FILE: STACK + rules, ACME: f"{TENANT}{workers}"})
    gone = _resource("helm.sh/v3:Release", "kubernetes/berlin", name="gone-agent", namespace="gone")
    provider = {"type": "pulumi:providers:kubernetes", "urn": gone["provider"].rpartition("::")[0]}
    found = Inventory.of(
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
        ReleaseAddress(ClusterRef(kube_context="new", cluster="context/old"), "acme", "acme-agent"),
        ReleaseAddress(ClusterRef(kube_context="kind-berlin", cluster="berlin"), "gone", "gone-agent"),
    }
    assert found.releases & declared(environment).keys()


def test_the_state_says_which_keys_its_runs_made(tmp_path: Path) -> None:
    """Workers' keys as they are, the server's internal ones from an export that was decrypted."""
    plain = {"plaintext": '"DRAWN"', "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    sealed = {"ciphertext": "v1:a", "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    resources = [
        {"type": "pulumi-python:dynamic/clearml:Credentials", "outputs": {"access_key": "KEY", "secret_key": sealed}},
        {"type": "pulumi-python:dynamic/clearml:Credentials"},
        {"type": "random:index/randomPassword:RandomPassword", "outputs": {"result": plain}},
        {"type": "random:index/randomPassword:RandomPassword", "outputs": {"result": sealed}},
    ]
    assert Inventory.of({"resources": resources}, load_project(tmp_path)).keys == {"KEY"}
    assert generated({"resources": resources}) == {"kDRAWN"}
    assert generated({}) == frozenset()


def test_a_stack_that_was_never_deployed_has_nothing(tmp_path: Path) -> None:
    assert Inventory.of({}, load_project(tmp_path)) == NOBODYS
