"""What may be taken over: nothing that is not named."""

from __future__ import annotations

from typing import Any

import pytest

from operations.releases.helm import Found
from operations.releases.inventory import ReleaseAddress
from operations.releases.ownership import Stack
from operations.takeover.targets import LiveTarget, Sight, Target, chart_of, obstacle
from tests.unit.paper_helm import AGENT, BY_HAND, HERE, NOBODYS, OURS, SERVER, SPACE

_CHART = "clearml-enterprise-agent-6.14.1"
_AGENT = Target(AGENT, "acme", "agent", "oci://docker.io/clearml/clearml-enterprise-agent")
_GATEWAY = Target(ReleaseAddress(HERE, "acme", "router"), "acme", "gateway", "./charts/clearml-enterprise-app-gateway")
_SERVER = Target(SERVER, "", "server", "oci://docker.io/clearml/clearml-enterprise")
_SPACE = Target(SPACE, "acme")
_OURS, _THEIRS = {"clearml-tenants/stack": "prod"}, {"clearml-tenants/stack": "dev"}


def _stack(*named: str) -> Stack:
    return Stack("prod", {}, NOBODYS, take_over=frozenset(named))


def _reason(
    *named: str,
    status: str = "deployed",
    chart: str = _CHART,
    labels: Any = None,
    values: Any = BY_HAND,
    target: Target = _AGENT,
) -> str:
    spot = target.spot
    sight = Sight([Found(spot, status, chart)] if spot.name else [], {spot.namespace: labels or {}})
    return obstacle(LiveTarget(target, values=values), sight, _stack(*named))


BOTH = ("acme", "acme/acme-agent")


def test_what_is_in_a_namespace_that_is_being_deleted_is_not_taken_over() -> None:
    """The state would know what is gone a minute later."""
    sight = Sight([Found(_AGENT.spot, "deployed", _CHART)], {"acme": {}}, frozenset({"acme"}))
    told = obstacle(LiveTarget(_AGENT, values=BY_HAND), sight, _stack(*BOTH))
    assert told.startswith(
        "its namespace is being deleted, with all that is in it: wait until it is gone (kubectl wait "
    )


_LAB = ReleaseAddress(HERE, "acme", "acme-gateway-lab")


def _of_a_gateway(chart: str) -> str:
    """Of a gateway with a name, where a release of that chart is."""
    found = Found(_LAB, "deployed", chart)
    target = Target(_LAB, "acme", "gateway-lab", "oci://docker.io/clearml/clearml-enterprise-app-gateway")
    sight = Sight([found], {"acme": {}})
    return obstacle(LiveTarget(target, values=BY_HAND), sight, _stack("acme", "acme/acme-gateway-lab"))


REFUSED = {
    "nothing is named": (_reason(), "add acme/acme-agent to takeOver"),
    "its namespace alone": (_reason("acme"), "add acme/acme-agent to takeOver"),
    "not its namespace": (_reason("acme/acme-agent"), "add acme to takeOver"),
    "by hand in a namespace of ours": (_reason(labels=_OURS), "add acme/acme-agent to takeOver"),
    "another stack's, though named": (_reason(*BOTH, labels=_THEIRS), "is of stack dev"),
    "another stack's by its variables": (_reason(labels=_THEIRS, values=OURS), "is of stack dev"),
    "being installed": (_reason(*BOTH, status="pending-install"), "it is pending-install"),
    "failed": (_reason(*BOTH, status="failed"), "helm rollback acme-agent --namespace acme"),
    "of another chart": (_reason(*BOTH, chart="redis-1.0.0"), "its chart is redis"),
    "an agent in a gateway's place": (_of_a_gateway(_CHART), "its chart is clearml-enterprise-agent"),
    "being upgraded": (_reason(*BOTH, status="pending-upgrade"), "helm rollback acme-agent --namespace acme"),
    "being rolled back": (_reason(*BOTH, status="pending-rollback"), "it is pending-rollback"),
    "being uninstalled": (_reason(*BOTH, status="uninstalling"), "it is uninstalling"),
    "uninstalled with its history kept": (_reason(*BOTH, status="uninstalled"), "it is uninstalled"),
    "of this program, whose namespace lost its label": (_reason(values=OURS), "add acme/acme-agent to takeOver"),
    "a name that begins like one that is named": (_reason("acme", "acme/acme"), "add acme/acme-agent to takeOver"),
    "a server in an agent's place": (_reason(*BOTH, chart="clearml-enterprise-11.0.0"), "its chart is clearml"),
    "a server by hand": (_reason(target=_SERVER, chart="clearml-enterprise-11.0.0"), "add clearml/clearml-enterprise"),
    "a namespace by hand": (_reason(target=_SPACE), "add acme to takeOver"),
    "another stack's namespace, though named": (_reason("acme", target=_SPACE, labels=_THEIRS), "is of stack dev"),
    "a gateway in an agent's place": (_reason(*BOTH, chart="clearml-enterprise-app-gateway-3.1.0"), "its chart is"),
}
TAKEN = {
    "both are named": _reason(*BOTH),
    "by hand, its namespace given to this stack": _reason("acme/acme-agent", labels=_OURS),
    "of this program, in a namespace of this stack, whose state is lost": _reason(labels=_OURS, values=OURS),
    "a gateway with a name": _of_a_gateway("clearml-enterprise-app-gateway-3.1.0"),
    "a gateway that keeps somebody's name": _reason(
        "acme", "acme/router", target=_GATEWAY, chart="clearml-enterprise-app-gateway-3.1.0"
    ),
    "a server": _reason("clearml", "clearml/clearml-enterprise", target=_SERVER, chart="clearml-enterprise-11.0.0"),
    "a mirrored chart, under the name that the files ask for": _reason(
        *BOTH,
        target=Target(AGENT, "acme", "agent", "oci://registry.example/mirrored-agent"),
        chart="mirrored-agent-1.0.0",
    ),
    "a namespace": _reason("acme", target=_SPACE),
    "a namespace with this stack's label": _reason(target=_SPACE, labels=_OURS),
    "the open chart": _reason(*BOTH, chart="clearml-agent-5.3.1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_named_or_does_not_fit_stays(name: str) -> None:
    reason, told = REFUSED[name]
    assert told in reason


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_named_or_was_this_stacks_is_taken(name: str) -> None:
    assert TAKEN[name] == ""


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        ("clearml-enterprise-agent-6.14.1", ("clearml-enterprise-agent", "6.14.1")),
        ("agent-v2-1.0.0-rc.1", ("agent-v2", "1.0.0-rc.1")),
        ("clearml", ("clearml", "")),
    ],
)
def test_a_charts_version_is_told_from_its_name(chart: str, told: tuple[str, str]) -> None:
    assert chart_of(Found(AGENT, "deployed", chart)) == told
