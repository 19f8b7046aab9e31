"""Clusters as somebody may have left them, for test_foreign.py: what of them is in a run's way, and what is not.

`HALF` is a state in which a run of this stack died: it has the namespaces and the worker's key, and no release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

from operations.releases.helm import Found
from operations.releases.inventory import Inventory, ReleaseAddress
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
)

AGENT_CHART, SERVER_CHART = "clearml-enterprise-agent-6.14.1", "clearml-enterprise-11.0.0"
GUIDE = ReleaseAddress(HERE, "acme", "clearml-enterprise-agent")
# The engine keeps an unfinished creation until somebody clears it, whatever became of it.
STALE = dataclasses.replace(HALF, making=frozenset({AGENT, SERVER}))
WHOLE = Inventory(frozenset({AGENT, SERVER}), frozenset({SPACE, SERVER_SPACE}), keys=frozenset({KEY}))
MANAGED = {"app.kubernetes.io/managed-by": "clearml-tenants"}
OUR_LABELS = {**MANAGED, "clearml-tenants/stack": "prod"}
THEIRS = {**MANAGED, "clearml-tenants/stack": "dev"}

GROUPS = "CLEARML__services__auth__default_groups__"


class Case(NamedTuple):
    """`way`: what a line that stops the run says of it; `beside`: what a line says that stops nothing."""

    release: Found | None = None
    given: Mapping[str, Any] = {}
    recorded: Inventory = HALF
    spaces: Mapping[str, Mapping[str, str]] = {}
    way: tuple[str, ...] = ()
    beside: str = ""
    files: Mapping[ReleaseAddress, str] = FILES


def agent(status: str, chart: str = AGENT_CHART) -> Found:
    return Found(AGENT, status, chart)


HAND = "release acme/acme-agent (context/somewhere, {}, {}) is there, made by hand or by another program"
OF_A_STATE = "made by this program with a key that this stack's state does not have"

LEFT_ALONE = {
    # A person's, at our very address.
    "by hand, running": Case(agent("deployed"), BY_HAND, way=(HAND.format(AGENT_CHART, "deployed"),)),
    "by hand, being installed": Case(agent("pending-install"), BY_HAND, way=("by hand",)),
    "by hand, being upgraded": Case(agent("pending-upgrade"), BY_HAND, way=("by hand",)),
    "by hand, being rolled back": Case(agent("pending-rollback"), BY_HAND, way=("by hand",)),
    "by hand, failed": Case(agent("failed"), BY_HAND, way=("by hand",)),
    "by hand, being uninstalled": Case(agent("uninstalling"), BY_HAND, way=("by hand",)),
    "by hand, uninstalled with its history kept": Case(agent("uninstalled"), BY_HAND, way=("by hand",)),
    "by hand, without any value": Case(agent("deployed"), {}, way=("by hand",)),
    "by hand, where a run once died": Case(agent("deployed"), BY_HAND, STALE, way=("by hand",)),
    "by hand, pending where a run once died": Case(agent("pending-install"), BY_HAND, STALE, way=("by hand",)),
    "another chart": Case(agent("deployed", "redis-1.0.0"), {}, way=(HAND.format("redis-1.0.0", "deployed"),)),
    "another chart, pending": Case(agent("pending-install", "redis-1.0.0"), {}, way=("by hand",)),
    "a chart of ours under another name": Case(agent("deployed", "mirrored-agent-1"), BY_HAND, way=("by hand",)),
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
        agent("deployed"),
        ANOTHER_STATES,
        NOBODYS,
        {"acme": THEIRS},
        way=(
            "namespace acme (context/somewhere) is there, made by stack dev",
            f"{OF_A_STATE}, in a namespace of stack",
        ),
    ),
    "another stack's, pending": Case(agent("pending-upgrade"), ANOTHER_STATES, way=(OF_A_STATE,)),
    "this stack's, whose state is lost": Case(
        agent("deployed"),
        OURS,
        NOBODYS,
        {"acme": OUR_LABELS},
        way=(f"{OF_A_STATE}, in a namespace of stack prod: bring the state back",),
    ),
    "this stack's, pending, whose state is lost": Case(agent("pending-upgrade"), OURS, NOBODYS, way=(OF_A_STATE,)),
    "this stack's, whose state is older than its key": Case(
        agent("deployed"), OURS, dataclasses.replace(HALF, keys=frozenset()), way=(OF_A_STATE,)
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
        agent("deployed"), {"clearml": {"agentk8sglueKey": KEY}}, HALF, way=("by hand",)
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
        None, {}, Inventory(frozenset(), frozenset(), frozenset({SPACE})), {"acme": {}}, way=("by hand",)
    ),
    "another stack's namespace where a run once died": Case(
        None, {}, Inventory(frozenset(), frozenset(), frozenset({SPACE})), {"acme": THEIRS}, way=("made by stack dev",)
    ),
}

NOTHING_IN_THE_WAY = {
    "what the state has": Case(agent("deployed"), BY_HAND, WHOLE, {"acme": {}, "clearml": {}}),
    "a namespace that a run of this stack made": Case(None, {}, NOBODYS, {"acme": OUR_LABELS}),
    "a namespace that its owner gave to this stack": Case(
        None, {}, NOBODYS, {"acme": {"team": "ml", "clearml-tenants/stack": "prod"}}
    ),
    "a namespace that a run of an older version died in the midst of": Case(
        None, {}, Inventory(frozenset(), frozenset(), frozenset({SPACE})), {"acme": MANAGED}
    ),
    "namespaces of others": Case(None, {}, NOBODYS, {"other": {}, "kube-system": {}}),
    "our names in another cluster": Case(
        Found(ReleaseAddress(ClusterRef(kube_context="elsewhere"), "acme", "acme-agent"), "deployed", AGENT_CHART),
        BY_HAND,
        NOBODYS,
    ),
}
