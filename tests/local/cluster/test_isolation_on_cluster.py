"""What sets a tenant's namespace apart, in a real API server: taken as it is sent, and refusing what it should."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from components.namespaces.namespace import tenant_labels
from components.values.policies import policies
from components.values.quota import limit_range_spec, quota_spec
from settings.models.isolation import Amounts, Limits, Quota
from tests.local.own_cluster import Api, own_cluster, soon
from tests.unit.asked import load_project
from tests.unit.components.isolation.test_reach import FILES

pytestmark = pytest.mark.e2e

QUOTA = Quota(cpu="1", memory="4Gi", pods=5, gpus=0, storage="1Ti", volumes=3, other={"count/jobs.batch": "5"})
LIMITS = Limits(default_request=Amounts(cpu="100m", memory="64Mi"), max=Amounts(cpu="2", memory="1Gi"))


class Hand(Api):
    """Makes objects as they are."""

    def make(self, path: str, **body: Any) -> dict[str, Any]:
        return self._call("POST", path, body)

    def counted_pods(self) -> str:
        """How many pods the quota has counted, empty before it counts."""
        status = self._call("GET", "/api/v1/namespaces/acme/resourcequotas/quota").get("status", {})
        return str(status.get("used", {}).get("pods", ""))

    def refusal(self, name: str, query: str = "", **container: Any) -> str:
        """What is said of a pod of acme's, empty if it is taken."""
        spec = {"containers": [{"name": "task", "image": "task", **container}]}
        try:
            self.make(f"/api/v1/namespaces/acme/pods{query}", metadata={"name": name}, spec=spec)
        except AssertionError as refused:
            return str(refused)
        return ""


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hand]:
    with own_cluster(tmp_path_factory.mktemp("cluster")) as checkout:
        made = Hand(checkout)
        made.make("/api/v1/namespaces", metadata={"name": "acme", "labels": tenant_labels("local", "acme", "baseline")})
        yield made


@pytest.fixture(scope="module")
def bounded(hand: Hand) -> dict[str, Any]:
    """The quota as the API server took it; there is a limit range beside it."""
    core = "/api/v1/namespaces/acme"
    hand.make(f"{core}/limitranges", metadata={"name": "limits"}, spec=limit_range_spec(LIMITS))
    return hand.make(f"{core}/resourcequotas", metadata={"name": "quota"}, spec=quota_spec(QUOTA))


def test_policies_are_taken_as_they_are(hand: Hand, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The API server changes nothing in them, so that none of it can show as drift."""
    environment = load_project(tmp_path_factory.mktemp("project"), FILES)
    networking = "/apis/networking.k8s.io/v1/namespaces/acme/networkpolicies"
    for tenant in environment.tenants:
        for name, spec in policies(tenant, environment.stack).specs.items():
            assert hand.make(networking, metadata={"name": f"{tenant.name}-{name}"}, spec=spec)["spec"] == spec


def test_quota_is_taken_as_it_is(bounded: dict[str, Any]) -> None:
    assert bounded["spec"] == quota_spec(QUOTA)


def test_what_exceeds_quota_limits_or_pod_security_is_refused(hand: Hand, bounded: dict[str, Any]) -> None:
    # The namespace's account is made and the quota counted by controllers, a moment later. Until admission knows the
    # quota, it lets a pod pass that nothing counts before the controller's next round, five minutes later.
    gpu = {"limits": {"nvidia.com/gpu": "1"}}
    soon(lambda: "exceeded quota: quota" in hand.refusal("gpu", "?dryRun=All", resources=gpu) or None)
    soon(lambda: hand.refusal("small") == "" or None)
    soon(lambda: hand.counted_pods() == "1" or None)
    assert "exceeded quota: quota" in hand.refusal("big", resources={"requests": {"cpu": "950m"}})
    assert "exceeded quota: quota" in hand.refusal("gpu", resources=gpu)
    assert "maximum memory usage" in hand.refusal("wide", resources={"limits": {"memory": "2Gi"}})
    assert "violates PodSecurity" in hand.refusal("root", securityContext={"privileged": True})
