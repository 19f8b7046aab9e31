"""Labels, resources and classes that Kubernetes refuses: `make check` took them, and the API server did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, refusal

LONG = "a" * 64


def stack(isolation: str) -> str:
    return f"{STACK}    isolation: {isolation}\n"


@pytest.mark.parametrize(
    ("isolation", "key", "said"),
    [
        ("{network: {releaseLabel: 'foo bar'}}", "network.releaseLabel", "'foo bar' is no label's name"),
        ("{network: {releaseLabel: a/b/c}}", "network.releaseLabel", "'a/b/c' is no label's name"),
        ("{network: {releaseLabel: 'Example.com/name'}}", "network.releaseLabel", "is no label's name"),
        (f"{{network: {{releaseLabel: {LONG}}}}}", "network.releaseLabel", "is no label's name"),
        ("{network: {releaseLabel: '-a'}}", "network.releaseLabel", "is no label's name"),
        ("{network: {dns: {labels: {k8s-app: 'kube dns'}}}}", "network.dns.labels.k8s-app", "is no label's value"),
        ("{network: {ingress: {labels: {app: a/b}}}}", "network.ingress.labels.app", "is no label's value"),
        (f"{{network: {{ingress: {{labels: {{app: {LONG}}}}}}}}}", "network.ingress.labels.app", "no label's value"),
        ("{network: {ingress: {labels: {'bad key': x}}}}", "network.ingress.labels", "'bad key' is no label's name"),
        (
            "{network: {allowFrom: [{namespace: monitoring, labels: {app: 'x y'}, ports: [9]}]}}",
            "network.allowFrom[0].labels.app",
            "'x y' is no label's value",
        ),
        ("{quota: {gpuResource: 'nvidia.com gpu'}}", "quota.gpuResource", "is no name of a node's resource"),
        ("{quota: {gpuResource: nvidia}}", "quota.gpuResource", "write it like nvidia.com/gpu"),
        ("{quota: {other: {'count/pods x': 2}}}", "quota.other", "'count/pods x' is no name of a resource"),
    ],
)
def test_what_the_api_server_would_refuse_is_refused(tmp_path: Path, isolation: str, key: str, said: str) -> None:
    line = refusal(tmp_path, {STACK_FILE: stack(isolation)})
    assert line.startswith(f"{STACK_FILE}: clearml-tenants:stack.isolation.{key}")
    assert said in line
    assert "\n" not in line


def test_a_class_of_load_balancers_too(tmp_path: Path) -> None:
    stream = "routerAddress: tcp.acme.example, serviceType: LoadBalancer, portRange: {start: 30100, end: 30199}"
    gateway = f"hostName: router.acme.example, streamSession: {{{stream}, loadBalancerClass: 'my class'}}"
    old = "gateway: {hostName: router.acme.clearml.example.com}"
    assert old in TENANT
    said = refusal(tmp_path, {ACME: TENANT.replace(old, f"gateway: {{{gateway}}}")})
    assert "gateway.streamSession.loadBalancerClass: 'my class' is no class of load balancers" in said


@pytest.mark.parametrize(
    "isolation",
    [
        "{network: {releaseLabel: app.kubernetes.io/name}}",
        "{network: {releaseLabel: release}}",
        "{network: {dns: {labels: {k8s-app: coredns, 'dns.operator.openshift.io/daemonset-dns': default}}}}",
        "{network: {ingress: {labels: {app.kubernetes.io/name: ingress-nginx, tier: ''}}}}",
        "{network: {ingress: {labels: {Team_A: v1.2_3}}}}",
        "{quota: {gpuResource: nvidia.com/mig-1g.5gb, gpus: 2}}",
        "{quota: {gpuResource: amd.com/gpu, gpus: 2}}",
        "{quota: {other: {count/jobs.batch: 50, requests.amd.com/gpu: 2, services.loadbalancers: 1}}}",
        "{quota: {other: {fast.storageclass.storage.k8s.io/requests.storage: 10Gi}}}",
    ],
)
def test_what_it_takes_is_taken(tmp_path: Path, isolation: str) -> None:
    assert load_project(tmp_path, {STACK_FILE: stack(isolation)})
