"""What no run of this stack made is never changed, uninstalled, taken over or deleted: it is told, or stops the run.

Each case is a cluster as somebody may have left it. `HALF` is a state in which a run of this stack died: it has the
namespaces and the worker's key, and no release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from operations.errors import OperationError
from operations.releases.heal import heal
from operations.releases.helm import Found
from operations.releases.neighbours import beside, neighbours
from operations.releases.obstacles import find, require_none, tell_neighbours
from operations.releases.ownership import Stack
from operations.releases.recorded import Recorded, ReleaseAddress
from settings.models.cluster_ref import ClusterRef
from tests.unit.paper_helm import (
    AGENT,
    ANOTHER_STATES,
    BY_HAND,
    FILES,
    HALF,
    HERE,
    KEY,
    NOBODYS,
    OUR_SERVER,
    OURS,
    SERVER,
    SERVER_SPACE,
    SPACE,
    PaperHelm,
    stack_with,
)

AGENT_CHART, SERVER_CHART = "clearml-enterprise-agent-6.14.1", "clearml-enterprise-11.0.0"
GUIDE = ReleaseAddress(HERE, "acme", "clearml-enterprise-agent")
# The engine keeps an unfinished creation until somebody clears it, whatever became of it.
STALE = dataclasses.replace(HALF, making=frozenset({AGENT, SERVER}))
WHOLE = Recorded(frozenset({AGENT, SERVER}), frozenset({SPACE, SERVER_SPACE}), keys=frozenset({KEY}))
MANAGED = {"app.kubernetes.io/managed-by": "clearml-tenants"}
OUR_LABELS = {**MANAGED, "clearml-tenants/stack": "prod"}
THEIRS = {**MANAGED, "clearml-tenants/stack": "dev"}

GROUPS = "CLEARML__services__auth__default_groups__"


class Case(NamedTuple):
    """`way`: what a line that stops the run says of it; `beside`: what a line says that stops nothing."""

    release: Found | None = None
    given: Mapping[str, Any] = {}
    recorded: Recorded = HALF
    spaces: Mapping[str, Mapping[str, str]] = {}
    way: tuple[str, ...] = ()
    beside: str = ""
    files: Mapping[ReleaseAddress, str] = FILES


def _agent(status: str, chart: str = AGENT_CHART) -> Found:
    return Found(AGENT, status, chart)


HAND = "release acme/acme-agent (context/somewhere, {}, {}) is there, made by hand or by another program"
OF_A_STATE = "made by this program with a key that this stack's state does not have"

LEFT_ALONE = {
    # A person's, at our very address.
    "by hand, running": Case(_agent("deployed"), BY_HAND, way=(HAND.format(AGENT_CHART, "deployed"),)),
    "by hand, being installed": Case(_agent("pending-install"), BY_HAND, way=("by hand",)),
    "by hand, being upgraded": Case(_agent("pending-upgrade"), BY_HAND, way=("by hand",)),
    "by hand, being rolled back": Case(_agent("pending-rollback"), BY_HAND, way=("by hand",)),
    "by hand, failed": Case(_agent("failed"), BY_HAND, way=("by hand",)),
    "by hand, being uninstalled": Case(_agent("uninstalling"), BY_HAND, way=("by hand",)),
    "by hand, uninstalled with its history kept": Case(_agent("uninstalled"), BY_HAND, way=("by hand",)),
    "by hand, without any value": Case(_agent("deployed"), {}, way=("by hand",)),
    "by hand, where a run once died": Case(_agent("deployed"), BY_HAND, STALE, way=("by hand",)),
    "by hand, pending where a run once died": Case(_agent("pending-install"), BY_HAND, STALE, way=("by hand",)),
    "another chart": Case(_agent("deployed", "redis-1.0.0"), {}, way=(HAND.format("redis-1.0.0", "deployed"),)),
    "another chart, pending": Case(_agent("pending-install", "redis-1.0.0"), {}, way=("by hand",)),
    "a chart of ours under another name": Case(_agent("deployed", "mirrored-agent-1"), BY_HAND, way=("by hand",)),
    "a server by hand, running": Case(Found(SERVER, "deployed", SERVER_CHART), {"clearml": {}}, way=("by hand",)),
    "a server by hand, being installed": Case(
        Found(SERVER, "pending-install", SERVER_CHART), {}, STALE, way=("another program: if nobody needs it: helm",)
    ),
    "a server whose groups have ids that nothing else remembers": Case(
        Found(SERVER, "deployed", SERVER_CHART),
        {"apiserver": {"extraEnvs": [{"name": f"{GROUPS}research_lab__id", "value": '"6f1c2a3e"'}, {"name": "OTHER"}]}},
        NOBODYS,
        way=("into groups of config/Pulumi.prod.yaml: research_lab: {id: 6f1c2a3e}",),
    ),
    # Another state's, at our very address: another stack of ours, or this one before its state was lost.
    "another stack's, running": Case(
        _agent("deployed"),
        ANOTHER_STATES,
        NOBODYS,
        {"acme": THEIRS},
        way=(
            "namespace acme (context/somewhere) is there, made by stack dev",
            f"{OF_A_STATE}, in a namespace of stack",
        ),
    ),
    "another stack's, pending": Case(_agent("pending-upgrade"), ANOTHER_STATES, way=(OF_A_STATE,)),
    "this stack's, whose state is lost": Case(
        _agent("deployed"),
        OURS,
        NOBODYS,
        {"acme": OUR_LABELS},
        way=(f"{OF_A_STATE}, in a namespace of stack prod: bring the state back",),
    ),
    "this stack's, pending, whose state is lost": Case(_agent("pending-upgrade"), OURS, NOBODYS, way=(OF_A_STATE,)),
    "this stack's, whose state is older than its key": Case(
        _agent("deployed"), OURS, dataclasses.replace(HALF, keys=frozenset()), way=(OF_A_STATE,)
    ),
    # Elsewhere.
    "by hand, in another namespace": Case(
        Found(ReleaseAddress(HERE, "other", "acme-agent"), "deployed", AGENT_CHART), BY_HAND
    ),
    "another stack's, in its own namespace": Case(
        Found(ReleaseAddress(HERE, "other", "other-agent"), "pending-upgrade", AGENT_CHART), ANOTHER_STATES
    ),
    "a whole other stack of ours, to a stack without state": Case(
        Found(ReleaseAddress(HERE, "clearml-dev", "clearml-enterprise"), "deployed", SERVER_CHART), OUR_SERVER, NOBODYS
    ),
    "somebody's database in our namespace": Case(
        Found(ReleaseAddress(HERE, "acme", "redis"), "pending-install", "redis-1.0.0"), {}
    ),
    "by hand, under the guide's own name beside ours": Case(
        Found(GUIDE, "deployed", AGENT_CHART), BY_HAND, WHOLE, beside="acme/clearml-enterprise-agent"
    ),
    "by hand, under the guide's own name, pending": Case(
        Found(GUIDE, "pending-install", AGENT_CHART), BY_HAND, WHOLE, beside="acme/clearml-enterprise-agent"
    ),
    "by hand, beside ours and with its key": Case(
        Found(GUIDE, "pending-install", AGENT_CHART), {"clearml": {"agentk8sglueKey": KEY}}, HALF, beside="acme/clearml"
    ),
    "by hand, at our address and with our key": Case(
        _agent("deployed"), {"clearml": {"agentk8sglueKey": KEY}}, HALF, way=("by hand",)
    ),
    "by hand, with all of our values, under another name": Case(
        Found(ReleaseAddress(HERE, "acme", "acme-agent-2"), "deployed", AGENT_CHART),
        OURS,
        STALE,
        beside="acme/acme-agent-2",
    ),
    "in a namespace that is about to be deleted": Case(
        Found(ReleaseAddress(HERE, "acme", "redis"), "deployed", "redis-1.0.0"),
        {},
        WHOLE,
        way=("release acme/redis (context/somewhere, redis-1.0.0, deployed) is there", "would be deleted with its"),
        files={SERVER: FILES[SERVER], SERVER_SPACE: FILES[SERVER_SPACE]},
    ),
    # Namespaces, with nothing in them.
    "somebody's namespace": Case(None, {}, NOBODYS, {"acme": {}}, way=("namespace acme", "by hand")),
    "somebody's namespace for the server": Case(
        None, {}, NOBODYS, {"clearml": {"team": "ml"}}, way=("change server.namespace in config/Pulumi.prod.yaml",)
    ),
    "another stack's namespace": Case(None, {}, NOBODYS, {"acme": THEIRS}, way=("made by stack dev",)),
    "an older version's namespace": Case(None, {}, NOBODYS, {"acme": MANAGED}, way=("for a stack that its labels",)),
    "somebody's namespace where a run once died": Case(
        None, {}, Recorded(frozenset(), frozenset(), frozenset({SPACE})), {"acme": {}}, way=("by hand",)
    ),
    "another stack's namespace where a run once died": Case(
        None, {}, Recorded(frozenset(), frozenset(), frozenset({SPACE})), {"acme": THEIRS}, way=("made by stack dev",)
    ),
}


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


NOTHING_IN_THE_WAY = {
    "what the state has": Case(_agent("deployed"), BY_HAND, WHOLE, {"acme": {}, "clearml": {}}),
    "a namespace that a run of this stack made": Case(None, {}, NOBODYS, {"acme": OUR_LABELS}),
    "a namespace that its owner gave to this stack": Case(
        None, {}, NOBODYS, {"acme": {"team": "ml", "clearml-tenants/stack": "prod"}}
    ),
    "a namespace that a run of an older version died in the midst of": Case(
        None, {}, Recorded(frozenset(), frozenset(), frozenset({SPACE})), {"acme": MANAGED}
    ),
    "namespaces of others": Case(None, {}, NOBODYS, {"other": {}, "kube-system": {}}),
    "our names in another cluster": Case(
        Found(ReleaseAddress(ClusterRef(kube_context="elsewhere"), "acme", "acme-agent"), "deployed", AGENT_CHART),
        BY_HAND,
        NOBODYS,
    ),
}


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
    helm = PaperHelm(HERE, found=(_agent("deployed"),), before=["deployed"], given=BY_HAND)
    found = find(helm, helm.releases(), stack_with(HALF))
    assert found == [
        f"{HAND.format(AGENT_CHART, 'deployed')}: give ours another name in config/tenants/prod/acme.yaml, like "
        "agents: {cpu: {…}} in place of agent; or, to take it over as it runs: add acme/acme-agent to takeOver, then "
        "make takeover STACK=prod; or, if nobody needs it: helm uninstall acme-agent --namespace acme"
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
    (later,) = find(helm, helm.releases(), stack_with(HALF, files=files))
    assert later.endswith(
        "by hand or by another program: give ours another name in config/tenants/prod/acme.yaml, like "
        "gateways: {lab: {…}} in place of gateway; or, to take it over as it runs: add acme/acme-gateway to takeOver, "
        "then make takeover STACK=prod; or, if nobody needs it: helm uninstall acme-gateway --namespace acme"
    )


def test_a_release_in_a_config_map_stops_a_deploy_too() -> None:
    """Helm would take over what bears the release's own name, and the person's next upgrade would take it back."""
    helm = PaperHelm(HERE, config_maps=frozenset({AGENT}))
    (line,) = find(helm, helm.releases(), stack_with(HALF))
    assert line == (
        "release acme/acme-agent (context/somewhere) is there, in ConfigMaps (HELM_DRIVER=configmap): move its record "
        'into Secrets, docs/adoption.md, "Releases in ConfigMaps"; or, give ours another name in '
        "config/tenants/prod/acme.yaml, like agents: {cpu: {…}} in place of agent"
    )
    known = Recorded(frozenset({AGENT, SERVER}), frozenset({SPACE, SERVER_SPACE}))
    assert find(helm, helm.releases(), stack_with(known)) == []


def test_no_value_of_a_release_is_shown() -> None:
    helm = PaperHelm(HERE, found=(_agent("deployed"),), before=["deployed"], given={"clearml": {"apiSecret": "HUSH"}})
    assert "HUSH" not in str(find(helm, helm.releases(), stack_with(HALF)))


def test_an_agent_by_hand_is_told_beside_the_tenant_whose_queues_it_may_be_on() -> None:
    """In the tenant's namespace, or anywhere with a key of the tenant's admin; never with a secret."""
    elsewhere = Found(ReleaseAddress(HERE, "ml", "my-agent"), "deployed", AGENT_CHART)
    given = {"clearml": {"agentk8sglueKey": "OLDKEY", "agentk8sglueSecret": "HUSH"}}
    helm = PaperHelm(HERE, found=(elsewhere, _agent("deployed"), Found(SERVER, "deployed", "redis-1")), given=given)
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
        heal(PaperHelm(HERE, found=(_agent("pending-install"),), before=["pending-install"], given=given), stack, print)
