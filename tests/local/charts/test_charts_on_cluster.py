"""The stand-in charts install on a real API server, under Pod Security `restricted`, and keep what they generated."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.checkout import Checkout
from operations.health.workers import release_health
from settings.models.cluster_ref import ClusterRef
from tests.local.helm import AGENT, GATEWAY, SERVER, deploy, helm
from tests.local.own_cluster import Api, own_cluster

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    with own_cluster(tmp_path_factory.mktemp("charts")) as made:
        yield made


@pytest.fixture(scope="module")
def api(checkout: Checkout) -> Api:
    return Api(checkout)


def test_all_three_install_within_seconds_where_only_restricted_pods_may_run(checkout: Checkout, api: Api) -> None:
    server, tenant = api.make_namespace("server"), api.make_namespace("tenant")
    stream = {"streamSession": {"routerAddress": "tcp.example.com", "portRange": {"start": 30100, "end": 30104}}}
    for chart, release, namespace, values in (
        (SERVER, "clearml-enterprise", server, {}),
        (AGENT, "acme-agent", tenant, {"agentk8sglue": {"serviceAccountClusterAccess": True}}),
        (GATEWAY, "acme-gateway", tenant, stream),
    ):
        started = time.monotonic()
        code, said = deploy(checkout.kubeconfig, chart, release, namespace, values)
        assert code == 0, said
        assert time.monotonic() - started < 30
        assert "would violate PodSecurity" not in said
    running = {
        pod["metadata"]["labels"]["app.kubernetes.io/component"]: pod["status"]["phase"]
        for namespace in (server, tenant)
        for pod in api.pods(namespace)
    }
    parts = ("apiserver", "fileserver", "webserver", "apps-agent", "agent", "app-gateway")
    assert running == dict.fromkeys(parts, "Running")


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("CLEARML__apiserver__auth__session_auth_cookie_name", ['"mine"']),
        # Kubernetes merges variables by name, and takes both away.
        ("CLEARML__APISERVER__AUTH__SESSION_AUTH_COOKIE_NAME", []),
    ],
)
def test_a_cookie_s_name_that_was_said_twice_stays_where_the_names_differ(
    name: str, left: list[str], checkout: Checkout, api: Api
) -> None:
    place = api.make_namespace(f"cookie-{len(left)}")
    variable = {"name": name, "value": '"mine"'}
    twice = {"clearml": {"cookieName": "mine"}, "apiserver": {"extraEnvs": [variable]}}
    assert deploy(checkout.kubeconfig, SERVER, "server", place, twice)[0] == 0
    assert deploy(checkout.kubeconfig, SERVER, "server", place, {"clearml": {"cookieName": "mine"}})[0] == 0
    variables = api.pod_template(place, "server-apiserver")["containers"][0]["env"]
    assert [each["value"] for each in variables if "cookie_name" in each["name"].lower()] == left


def test_generated_credentials_outlive_upgrades_and_given_ones_replace_them(checkout: Checkout, api: Api) -> None:
    place = api.make_namespace("kept")
    assert deploy(checkout.kubeconfig, SERVER, "kept", place, {})[0] == 0
    generated = api.secret(place, "clearml-conf")
    assert deploy(checkout.kubeconfig, SERVER, "kept", place, {"clearml": {"cookieDomain": "example.com"}})[0] == 0
    assert api.secret(place, "clearml-conf") == generated
    assert deploy(checkout.kubeconfig, SERVER, "kept", place, {"clearml": {"apiserverKey": "GIVEN"}})[0] == 0
    assert api.secret(place, "clearml-conf") == {**generated, "apiserver_key": "GIVEN"}


def test_two_gateways_with_the_same_node_ports_are_refused_by_the_cluster(checkout: Checkout, api: Api) -> None:
    stream = {"streamSession": {"routerAddress": "10.0.0.9", "portRange": {"start": 30200, "end": 30201}}}
    first, second = api.make_namespace("first"), api.make_namespace("second")
    assert deploy(checkout.kubeconfig, GATEWAY, "gateway", first, stream)[0] == 0
    code, said = deploy(checkout.kubeconfig, GATEWAY, "gateway", second, stream)
    assert code != 0
    assert "provided port is already allocated" in said


def test_a_load_balanced_stream_session_does_not_wait_for_an_address(checkout: Checkout, api: Api) -> None:
    stream = {
        "routerAddress": "tcp-router.example.com",
        "service": {"type": "LoadBalancer"},
        "portRange": {"start": 20000, "end": 20001},
    }
    code, said = deploy(
        checkout.kubeconfig, GATEWAY, "gateway", api.make_namespace("balanced"), {"streamSession": stream}
    )
    assert code == 0, said


SELECTOR = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: tiny}
spec:
  replicas: 0
  selector: {matchLabels: {app: {{ .Values.app }}}}
  template:
    metadata: {labels: {app: {{ .Values.app }}}}
    spec: {containers: [{name: tiny, image: tiny}]}
"""


def test_an_immutable_field_is_told_of_afterwards_with_the_way_out(
    checkout: Checkout, api: Api, tmp_path: Path
) -> None:
    """The engine prints what helm says raw; helm keeps it, and `make status` says what to do."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: tiny\nversion: 0.1.0\n")
    (tmp_path / "templates" / "all.yaml").write_text(SELECTOR)
    place = api.make_namespace("immutable")
    where = ("--namespace", place)
    asked = [
        helm("upgrade", "--install", "tiny", str(tmp_path), *where, values={"app": app}, kubeconfig=checkout.kubeconfig)
        for app in ("one", "two")
    ]
    assert asked[0][0] == 0
    assert "field is immutable" in asked[1][1]
    _, said = helm("status", "tiny", *where, "--output", "json", kubeconfig=checkout.kubeconfig)
    assert release_health(json.loads(said), place, place=ClusterRef(kube_context="here")) == (
        "release failed: Kubernetes changes this in no existing object; delete it and run this again, which makes it "
        "anew: kubectl delete deployment tiny --namespace immutable --context here; see docs/upgrades.md"
    )
