"""Single objects at names of ours: who made them is told, what a run of this program made is not asked about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.values.policies import policies
from components.values.quota import limit_range_spec, quota_spec
from operations.releases.inventory import ObjectAddress
from operations.releases.occupants.makers import maker_of, tool_in
from operations.releases.occupants.names import names
from operations.releases.occupants.objects import objects_in_the_way
from settings.loading.load import load
from settings.models.isolation import limits, quota
from settings.types.naming import NETWORK_POLICY, RESOURCE_QUOTA, SECRET
from tests.unit.asked import ACME, TENANT, project
from tests.unit.paper_helm import FILES, HALF, HERE, SPACE, PaperHelm, stack_with

_QUOTA = ObjectAddress(HERE, "acme", RESOURCE_QUOTA, "quota")
_PATH = "/api/v1/resourcequotas"


def _object(**more: Any) -> dict[str, Any]:
    return {"name": "quota", "namespace": "acme", **more}


def _managed(by: str) -> dict[str, Any]:
    return {"managedFields": [{"manager": by}]}


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({}, "hand or by another program"),
        (_managed("kubectl-create"), "kubectl-create, by hand or by another program"),
        ({"managedFields": [{"manager": "kube-controller-manager", "subresource": "status"}]}, "hand or by another"),
        ({"ownerReferences": [{"kind": "ExternalSecret", "name": "pair", "controller": True}]}, "ExternalSecret pair"),
        ({"ownerReferences": [{"kind": "Team", "name": "ml"}]}, "hand or by another program"),
        ({"labels": {"argocd.argoproj.io/instance": "ml"}}, "Argo CD's application ml"),
        ({"annotations": {"argocd.argoproj.io/tracking-id": "ml:/Secret:acme/x"}}, "Argo CD's application ml"),
        ({"labels": {"kustomize.toolkit.fluxcd.io/name": "walls"}}, "Flux's Kustomization walls"),
        ({"labels": {"reconcile.external-secrets.io/managed": "true"}}, "the External Secrets operator"),
        (
            {"annotations": {"meta.helm.sh/release-name": "x", "meta.helm.sh/release-namespace": "acme"}},
            "Helm for release acme/x",
        ),
    ],
)
def test_who_made_it_is_told_as_far_as_it_shows(metadata: dict[str, Any], told: str) -> None:
    assert maker_of(metadata).startswith(told)


@pytest.mark.parametrize(
    "isolation", ["", "isolation: {quota: {other: {count/secrets: '9'}}, limits: {max: {cpu: '9'}}}\n"]
)
def test_the_names_are_those_of_what_is_made(tmp_path: Path, isolation: str) -> None:
    """Beside another agent and another gateway, and for a tenant without workers."""
    root = project(tmp_path / "project")
    more = "agents: {gpu: {queues: {gpu: {}}}}\ngateways: {lab: {hostName: lab.acme.example}}\n"
    (root / ACME).write_text(TENANT + more + isolation)
    environment = load(root, "test")
    for tenant in environment.tenants:
        made = {each.name for each in names(environment) if each[1:3] == (tenant.namespace, NETWORK_POLICY)}
        assert made == policies(tenant, environment.stack).specs.keys()
        asked = {each.name for each in names(environment) if each.namespace == tenant.namespace}
        stack = environment.stack
        assert ("quota" in asked) is (quota_spec(quota(stack.isolation, tenant.isolation)) is not None)
        assert ("limits" in asked) is (limit_range_spec(limits(stack.isolation, tenant.isolation)) is not None)


@pytest.mark.parametrize("line", ["helm.toolkit.fluxcd.io/name: agents", '"helm.toolkit.fluxcd.io/name": "agents"'])
def test_a_manifest_shows_who_looks_after_its_release(line: str) -> None:
    assert tool_in(f"kind: Deployment\nmetadata:\n  labels:\n    {line}\n") == "Flux's HelmRelease agents"
    assert tool_in("kind: Deployment\nmetadata:\n  name: x\n") == ""


@pytest.mark.parametrize(
    ("metadata", "recorded", "stops"),
    [
        (_object(**_managed("kubectl-create")), (), True),
        (_object(), (), True),
        (_object(**_managed("pulumi-kubernetes-1a2b3c4d")), (), False),
        (_object(**_managed("kubectl-create")), (_QUOTA,), False),
        (_object(namespace="other"), (), False),
        (_object(name="quota-of-ours"), (), False),
    ],
)
def test_only_what_others_made_at_a_name_that_the_state_has_not_stops(
    metadata: dict[str, Any], recorded: tuple[ObjectAddress, ...], *, stops: bool
) -> None:
    helm = PaperHelm(HERE, lists={_PATH: [metadata]})
    known = replace(HALF, objects=frozenset(recorded))
    stack = replace(stack_with(known), objects={_QUOTA: FILES[SPACE]})
    lines = list(objects_in_the_way(helm, stack, ["acme"]))
    assert bool(lines) is stops
    assert list(objects_in_the_way(helm, stack, ["elsewhere"])) == []


def test_a_kind_of_which_nothing_is_lacking_is_not_listed() -> None:
    """A deploy of a thousand tenants asks for nothing that it has."""

    class Silent(PaperHelm):
        def listed(self, path: str, **_: str) -> list[Any]:
            raise AssertionError(path)

    every = [ObjectAddress(HERE, "acme", token, "x") for token in (RESOURCE_QUOTA, NETWORK_POLICY, SECRET)]
    stack = replace(stack_with(replace(HALF, objects=frozenset(every))), objects=dict.fromkeys(every, FILES[SPACE]))
    assert list(objects_in_the_way(Silent(HERE), stack, ["acme"])) == []


def test_the_line_says_what_whose_and_both_ways_on() -> None:
    helm = PaperHelm(HERE, lists={_PATH: [_object(**_managed("kubectl-create"))]})
    stack = replace(stack_with(HALF), objects={_QUOTA: FILES[SPACE]})
    assert list(objects_in_the_way(helm, stack, ["acme"])) == [
        "ResourceQuota acme/quota (context/somewhere) is there, made by kubectl-create, by hand or by another program, "
        "and config/tenants/prod/acme.yaml asks for one of that name: keep it under another; or, if ours may take its "
        "place: kubectl delete resourcequota quota --namespace acme --context somewhere"
    ]
