"""A stack `prod` and a cluster on paper: what helm finds there, and what it is told to do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from operations.releases.heal import heal
from operations.releases.helm import Found, Helm
from operations.releases.inventory import Inventory, ReleaseAddress
from operations.releases.ownership import Stack
from settings.models.cluster_ref import ClusterRef

HERE = ClusterRef(kube_context="somewhere")
AGENT = ReleaseAddress(HERE, "acme", "acme-agent")
SERVER = ReleaseAddress(HERE, "clearml", "clearml-enterprise")
SPACE, SERVER_SPACE = ReleaseAddress(HERE, "acme", ""), ReleaseAddress(HERE, "clearml", "")
FILES = {
    SERVER_SPACE: "config/Pulumi.prod.yaml",
    SERVER: "config/Pulumi.prod.yaml",
    SPACE: "config/tenants/prod/acme.yaml",
    AGENT: "config/tenants/prod/acme.yaml",
}
WORKERS = {AGENT: "agent"}
CHARTS = {"acme-agent": "clearml-enterprise-agent-6.14.1", "clearml-enterprise": "clearml-enterprise-11.0.0"}
NOBODYS = Inventory(frozenset(), frozenset())
KEY, DRAWN = "KEYOFTHISSTATE", "kDrawnByThisState"
# Of releases that a run of this stack, a run of another state, and a person installed.
OURS = {"agentk8sglue": {"extraEnvs": [{"name": "CLEARML_TENANTS_ACCESS_KEY", "value": KEY}]}}
ANOTHER_STATES = {"agentk8sglue": {"extraEnvs": [{"name": "CLEARML_TENANTS_ACCESS_KEY", "value": "ANOTHERKEY"}]}}
BY_HAND = {"clearml": {"agentk8sglueKey": "HANDMADE"}, "agentk8sglue": {"queue": "default"}}
OUR_SERVER = {"clearml": {"cookieDomain": "clearml.example", "fileserverKey": DRAWN}}
# A state in which the agent's run died: namespace and key are there, the release is not.
HALF = Inventory(frozenset(), frozenset({SPACE, SERVER_SPACE}), keys=frozenset({KEY}))


@dataclass(frozen=True)
class PaperHelm(Helm):
    """A cluster with these releases, whose earlier revisions have these statuses, and these namespaces."""

    found: tuple[Found, ...] = ()
    before: Sequence[str] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    spaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    config_maps: frozenset[ReleaseAddress] = frozenset()
    lists: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    def listed(self, path: str, **_: str) -> list[Mapping[str, Any]]:
        return self.lists.get(path, [])

    def in_config_maps(self, spots: Iterable[ReleaseAddress]) -> list[ReleaseAddress]:
        return [each for each in spots if each in self.config_maps]

    def releases(self) -> list[Found]:
        return list(self.found)

    def namespaces(self) -> Mapping[str, Mapping[str, str]]:
        return self.spaces

    def _run(self, *arguments: str) -> str:
        if arguments[0] == "history":
            return json.dumps([{"revision": n + 1, "status": status} for n, status in enumerate(self.before)])
        if arguments[0] == "get":
            return json.dumps(self.given)
        self.done.append(" ".join(arguments))
        return ""


def cluster(
    spot: ReleaseAddress,
    status: str,
    before: Sequence[str] = (),
    chart: str = "",
    given: Mapping[str, Any] | None = None,
) -> PaperHelm:
    found = Found(spot, status, chart or CHARTS.get(spot.name, "clearml-enterprise-agent-6.14.1"))
    return PaperHelm(HERE, found=(found,), before=[*before, status], given=given or {})


def stack_with(
    recorded: Inventory = NOBODYS,
    *,
    disposable: bool = False,
    files: Mapping[ReleaseAddress, str] = FILES,
    workers: Mapping[ReleaseAddress, str] = WORKERS,
) -> Stack:
    keys = lambda: frozenset({DRAWN})  # noqa: E731
    return Stack("prod", files, recorded, server_keys=keys, disposable=disposable, workers=workers)


def healed(helm: PaperHelm, stack: Stack) -> tuple[list[str], list[str]]:
    told: list[str] = []
    heal(helm, stack, told.append)
    return helm.done, told
