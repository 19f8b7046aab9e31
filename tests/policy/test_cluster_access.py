"""Rights in a whole cluster: for the agent of a tenant that has it alone, and that the stack's file names; no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.declaration import Declaration
from policy.rights import cluster_rights, foreign_objects, shared_clusters
from settings.types.naming import NAMESPACE, PROJECT, RELEASE
from tests.local.helm import AGENT, render

_URN = "urn:pulumi:prod::clearml-tenants::"
_TENANT = f"{_URN}clearml:tenant:Tenant$"
_ELSEWHERE = f"{_URN}pulumi:providers:kubernetes::kubernetes/context/kind-gpu"
_OWN = f"{_URN}pulumi:providers:kubernetes::kubernetes"
_ACCESS = {"agentk8sglue": {"serviceAccountClusterAccess": True}}
_GRANT = {"tenants": {"acme": {"clusterAccess": True}}}


def _release(name: str = "acme-agent", provider: str = _ELSEWHERE, kind: str = "Agent", **props: Any) -> Declaration:
    urn = f"{_TENANT}clearml:tenant:{kind}${RELEASE}::{name}"
    return Declaration(RELEASE, urn, {"values": _ACCESS, **props}, provider=provider)


def _namespace(name: str, provider: str = _ELSEWHERE) -> Declaration:
    return Declaration(NAMESPACE, f"{_TENANT}{NAMESPACE}::{name}", {}, provider=provider)


def _root(folder: Path, rules: Any) -> Path:
    (folder / "config").mkdir()
    stack = {"config": {f"{PROJECT}:stack": {"tenantRules": rules}}}
    (folder / "config" / "Pulumi.prod.yaml").write_text(yaml.safe_dump(stack))
    return folder


@pytest.mark.parametrize(
    "release",
    [_release(namespace="acme"), _release(), _release("acme-agent-gpu"), _release("x-agent", namespace="acme")],
)
def test_agent_whose_tenant_the_stack_names_may_have_them(tmp_path: Path, release: Declaration) -> None:
    assert list(cluster_rights(release, root=_root(tmp_path, _GRANT))) == []


@pytest.mark.parametrize(
    ("release", "rules"),
    [
        (_release(provider=_OWN), _GRANT),
        (_release(provider=""), _GRANT),
        (_release(kind="Gateway"), _GRANT),
        (_release("globex-agent"), _GRANT),
        (_release(namespace="globex"), _GRANT),
        (_release(values={"agentk8sglue": {"additionalClusterRoleBindings": ["admin"]}}), _GRANT),
        (_release(values={"serviceAccountClusterAccess": True}), _GRANT),
        (_release(), {}),
        (_release(provider=_OWN), {"clusterAccess": True}),
        (_release(), {"clusterAccess": "true"}),
        (_release(), {"tenants": {"acme": {"clusterAccess": "true"}}}),
        (_release(), {"tenants": ["acme"]}),
        (_release(), None),
    ],
)
def test_nobody_else_may(tmp_path: Path, release: Declaration, rules: Any) -> None:
    (found,) = cluster_rights(release, root=_root(tmp_path, rules))
    assert "gives rights in the whole cluster" in found.text


def test_stack_may_grant_it_to_all_who_are_alone(tmp_path: Path) -> None:
    assert list(cluster_rights(_release("globex-agent"), root=_root(tmp_path, {"clusterAccess": True}))) == []


def test_stack_without_a_file_grants_nothing(tmp_path: Path) -> None:
    assert len(list(cluster_rights(_release(), root=tmp_path))) == 1


def test_who_is_not_alone_is_found() -> None:
    own, other, far = _namespace("acme"), _namespace("globex"), _namespace("globex", _OWN)
    release = _release(namespace="acme")
    assert list(shared_clusters([release, own, far])) == []
    (found,) = shared_clusters([release, own, other])
    assert found.text.endswith("gives rights in a cluster where globex is too: take it out")
    assert list(shared_clusters([_release(namespace="acme", values={}), own, other])) == []


def test_what_the_chart_makes_of_it_is_its_own() -> None:
    objects = render(AGENT, _ACCESS, "acme-agent", "acme")
    assert {each["kind"] for each in objects} >= {"ClusterRole", "ClusterRoleBinding"}
    assert list(foreign_objects("acme", objects, wide=True)) == []
    assert len(list(foreign_objects("acme", objects))) == 2


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ({"kind": "ClusterRole", "rules": [{"verbs": ["*"]}]}, "gives rights to give rights"),
        ({"kind": "ClusterRoleBinding", "roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}}, "cluster-admin"),
        (
            {
                "kind": "ClusterRoleBinding",
                "roleRef": {"kind": "ClusterRole", "name": "acme-agent"},
                "subjects": [{"kind": "Group", "name": "system:authenticated"}],
            },
            "gives rights to Group",
        ),
        ({"kind": "Namespace"}, "is no kind of object"),
    ],
)
def test_more_than_that_is_found(made: dict[str, Any], text: str) -> None:
    own = [{"kind": kind, "metadata": {"name": "acme-agent"}} for kind in ("ServiceAccount", "ClusterRole")]
    (line,) = foreign_objects("acme", [*own, made], wide=True)
    assert text in line
