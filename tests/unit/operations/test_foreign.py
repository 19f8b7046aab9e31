"""What no run of this stack made is never changed, uninstalled, taken over or deleted: it is told, or stops the run."""

from __future__ import annotations

import pytest

from operations.errors import OperationError
from operations.releases.heal import heal
from operations.releases.helm import Found
from operations.releases.inventory import Inventory, ReleaseAddress
from operations.releases.neighbours import beside, neighbours
from operations.releases.obstacles import find, require_none, tell_neighbours
from operations.releases.ownership import Stack
from tests.unit.operations.foreign_releases import (
    AGENT_CHART,
    HAND,
    LEFT_ALONE,
    NOTHING_IN_THE_WAY,
    SERVER_CHART,
    agent,
)
from tests.unit.paper_helm import (
    AGENT,
    ANOTHER_STATES,
    BY_HAND,
    FILES,
    HALF,
    HERE,
    NOBODYS,
    OURS,
    SERVER,
    SERVER_SPACE,
    SPACE,
    PaperHelm,
    stack_with,
)


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_no_run_of_this_stack_made_is_left_alone(name: str) -> None:
    case = LEFT_ALONE[name]
    helm = PaperHelm(
        HERE,
        found=(case.release,) if case.release else (),
        before=[case.release.status] if case.release else [],
        given=case.given,
        spaces=case.spaces,
    )
    stack, beside = stack_with(case.recorded, files=case.files), list[str]()
    heal(helm, stack, print)
    tell_neighbours(helm.releases(), stack, beside.append)
    in_the_way = find(helm, helm.releases(), stack)
    assert helm.done == []
    assert bool(in_the_way) == bool(case.way), in_the_way
    assert all(any(said in line for line in in_the_way) for said in case.way), in_the_way
    assert [case.beside in line for line in beside] == ([True] if case.beside else [])


def test_there_are_as_many_as_were_asked_for() -> None:
    assert len(LEFT_ALONE) >= 20


@pytest.mark.parametrize("name", NOTHING_IN_THE_WAY)
def test_what_is_ours_or_elsewhere_stops_nothing(name: str) -> None:
    case = NOTHING_IN_THE_WAY[name]
    helm = PaperHelm(
        HERE, found=(case.release,) if case.release else (), before=["deployed"], given=case.given, spaces=case.spaces
    )
    stack = stack_with(case.recorded)
    heal(helm, stack, print)
    assert (helm.done, find(helm, helm.releases(), stack)) == ([], [])


def test_a_laptops_cluster_is_no_exception() -> None:
    """Another stack of ours may be in it, and a person."""
    releases = (
        Found(ReleaseAddress(HERE, "clearml-dev", "clearml-enterprise"), "deployed", SERVER_CHART),
        Found(AGENT, "deployed", AGENT_CHART),
        Found(SERVER, "deployed", SERVER_CHART),
    )
    helm = PaperHelm(HERE, found=releases, before=["deployed"], given=ANOTHER_STATES)
    heal(helm, stack_with(NOBODYS, disposable=True), print)
    assert helm.done == []


def test_a_deploy_stops_before_it_writes_and_says_what_to_do() -> None:
    helm = PaperHelm(HERE, found=(agent("deployed"),), before=["deployed"], given=BY_HAND)
    found = find(helm, helm.releases(), stack_with(HALF))
    assert found == [
        f"{HAND.format(AGENT_CHART, 'deployed')}: give ours another name in config/tenants/prod/acme.yaml, like "
        "agents: {cpu: {…}} in place of agent; or, to take it over as it runs: add acme/acme-agent to takeOver, then "
        "make takeover STACK=prod; or, if nobody needs it: helm uninstall acme-agent --namespace acme --kube-context "
        "somewhere"
    ]
    with pytest.raises(OperationError, match="stack prod: 1 in the way that no run of this stack made"):
        require_none("prod", found)
    require_none("prod", [])


def test_ours_gets_out_of_the_way_as_far_as_its_namespace_lets_it() -> None:
    """A namespace of the stack's own stays; renaming its tenant would delete it with what is in the way."""
    gateway = ReleaseAddress(HERE, "acme", "acme-gateway")
    helm = PaperHelm(HERE, found=(Found(gateway, "deployed", AGENT_CHART),), given=BY_HAND)
    files = {**FILES, gateway: FILES[SPACE]}
    (first,) = find(helm, helm.releases(), stack_with(NOBODYS, files=files))
    assert "rename config/tenants/prod/acme.yaml: namespace and releases follow; or, to take it over" in first
    (later,) = find(helm, helm.releases(), stack_with(HALF, files=files, workers={gateway: "gateway"}))
    assert later.endswith(
        "by hand or by another program: give ours another name in config/tenants/prod/acme.yaml, like "
        "gateways: {lab: {…}} in place of gateway; or, to take it over as it runs: add acme/acme-gateway to takeOver, "
        "then make takeover STACK=prod; or, if nobody needs it: helm uninstall acme-gateway --namespace acme "
        "--kube-context somewhere"
    )


@pytest.mark.parametrize(
    ("release", "key", "said"),
    [
        ("acme-agent", "agent", "like agents: {cpu-2: {…}} in place of agent;"),
        ("acme-agent-gpu", "agents.gpu", "like agents: {cpu-2: {…}} in place of agents.gpu;"),
        ("acme-gateway-lab", "gateways.lab", "like gateways: {lab-2: {…}} in place of gateways.lab;"),
        ("acme-agent-gateway", "agents.gateway", "like agents: {cpu-2: {…}} in place of agents.gateway;"),
        ("acme-gateway", "agents.own", "like another releaseName at agents.own;"),
        ("router", "gateways.lab", "like another releaseName at gateways.lab;"),
    ],
)
def test_another_name_is_said_of_the_worker_that_the_file_has(release: str, key: str, said: str) -> None:
    """Not what its release is called: a file may call that as it likes."""
    spot, beside = ReleaseAddress(HERE, "acme", release), ReleaseAddress(HERE, "acme", "acme-agent-cpu")
    helm = PaperHelm(HERE, found=(Found(spot, "deployed", AGENT_CHART),), given=BY_HAND)
    files = {**FILES, spot: FILES[SPACE], beside: FILES[SPACE]}
    workers = {spot: key, beside: "agents.cpu"}
    (line,) = find(helm, helm.releases(), stack_with(HALF, files=files, workers=workers))
    assert f"give ours another name in config/tenants/prod/acme.yaml, {said}" in line


def test_a_release_in_a_config_map_stops_a_deploy_too() -> None:
    """Helm would take over what bears the release's own name, and the person's next upgrade would take it back."""
    helm = PaperHelm(HERE, config_maps=frozenset({AGENT}))
    (line,) = find(helm, helm.releases(), stack_with(HALF))
    assert line == (
        "release acme/acme-agent (context/somewhere) is there, in ConfigMaps (HELM_DRIVER=configmap): move its record "
        'into Secrets, docs/adoption.md, "Releases in ConfigMaps"; or, give ours another name in '
        "config/tenants/prod/acme.yaml, like agents: {cpu: {…}} in place of agent"
    )
    known = Inventory(frozenset({AGENT, SERVER}), frozenset({SPACE, SERVER_SPACE}))
    assert find(helm, helm.releases(), stack_with(known)) == []


def test_no_value_of_a_release_is_shown() -> None:
    helm = PaperHelm(HERE, found=(agent("deployed"),), before=["deployed"], given={"clearml": {"apiSecret": "HUSH"}})
    assert "HUSH" not in str(find(helm, helm.releases(), stack_with(HALF)))


def test_an_agent_by_hand_is_told_beside_the_tenant_whose_queues_it_may_be_on() -> None:
    """In the tenant's namespace, or anywhere with a key of the tenant's admin; never with a secret."""
    elsewhere = Found(ReleaseAddress(HERE, "ml", "my-agent"), "deployed", AGENT_CHART)
    given = {"clearml": {"agentk8sglueKey": "OLDKEY", "agentk8sglueSecret": "HUSH"}}
    helm = PaperHelm(HERE, found=(elsewhere, agent("deployed"), Found(SERVER, "deployed", "redis-1")), given=given)
    found = neighbours(helm, helm.releases(), {AGENT})
    assert list(beside(found, "acme", ["OLDKEY", "ANOTHER"])) == [
        f"release ml/my-agent ({AGENT_CHART}, deployed), which no run of this stack made, signs in as this tenant with "
        "key OLDKEY: an agent on the same queue takes tasks from ours"
    ]
    (there,) = beside(found, "ml", [])
    assert there.endswith("is in this tenant's namespace: an agent on the same queue takes tasks from ours")
    assert list(beside(found, "acme", ["ANOTHER"])) == []


def test_the_state_is_decrypted_only_where_a_server_is_in_question() -> None:
    def decrypted() -> frozenset[str]:
        raise AssertionError("not needed")

    stack = Stack("prod", FILES, HALF, server_keys=decrypted)
    for given in (OURS, ANOTHER_STATES):
        heal(PaperHelm(HERE, found=(agent("pending-install"),), before=["pending-install"], given=given), stack, print)
