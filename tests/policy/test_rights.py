"""No tenant's release has rights but its chart's own, whatever the values: judged on what charts make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.charts import RELEASE
from policy.declared import UNKNOWN, Declared
from policy.rights import cluster_rights, foreign_objects
from tests.local.documented_values import EVERY_AGENT_VALUE, EVERY_GATEWAY_VALUE
from tests.local.helm import AGENT, GATEWAY, merged, render

_RENDERED = Path(__file__).parent / "rendered"
_ROLE_REF = {"kind": "Role", "name": "acme-agent"}
_AGENT = {"kind": "ServiceAccount", "name": "acme-agent"}


def _public(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((_RENDERED / f"public_agent_{name}.yaml").read_text()))


def test_the_public_agent_chart_has_rights_in_its_own_namespace_alone() -> None:
    assert list(foreign_objects("acme", _public("own"))) == []


def test_bindings_that_it_makes_of_hostile_values_are_found() -> None:
    assert [line.partition(": ")[2] for line in foreign_objects("acme", _public("bindings"))] == [
        "is no kind of object that a tenant's release makes",
        "gives the rights of Role admin, which the chart does not make",
    ]


def test_an_account_of_somebody_elses_is_found() -> None:
    found = list(foreign_objects("acme", _public("account")))
    assert found
    assert any("runs as account default-admin, which the chart does not make" in line for line in found)


@pytest.mark.parametrize(("chart", "values"), [(AGENT, EVERY_AGENT_VALUE), (GATEWAY, EVERY_GATEWAY_VALUE)])
def test_the_stand_ins_make_nothing_foreign_of_every_honest_value(chart: str, values: dict[str, Any]) -> None:
    # Both are refused in tenants' files.
    own = {"agentk8sglue": {"serviceAccountClusterAccess": False, "additionalRoleBindings": []}}
    given = merged(values, own) if chart == AGENT else values
    assert list(foreign_objects("acme", render(chart, given, "acme-agent", "acme"))) == []


@pytest.mark.parametrize("hostile", [{"serviceAccountClusterAccess": True}, {"additionalRoleBindings": ["admin"]}])
def test_the_stand_ins_rights_of_hostile_values_are_found(hostile: dict[str, Any]) -> None:
    assert list(foreign_objects("acme", render(AGENT, {"agentk8sglue": hostile}, "acme-agent", "acme")))


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ({"kind": "ClusterRole"}, "is no kind"),
        ({"kind": "Namespace"}, "is no kind"),
        ({"kind": "MutatingWebhookConfiguration"}, "is no kind"),
        ({"kind": "ConfigMap", "metadata": {"name": "x", "namespace": "globex"}}, "lies in namespace globex"),
        ({"kind": "RoleBinding", "roleRef": {"kind": "ClusterRole", "name": "admin"}}, "the rights of ClusterRole"),
        ({"kind": "RoleBinding", "roleRef": _ROLE_REF, "subjects": [{"kind": "Group", "name": "g"}]}, "to Group g"),
        (
            {"kind": "RoleBinding", "roleRef": _ROLE_REF, "subjects": [{**_AGENT, "namespace": "globex"}]},
            "to ServiceAccount acme-agent",
        ),
        ({"kind": "Role", "rules": [{"verbs": ["escalate"], "resources": ["roles"]}]}, "rights to give rights"),
        ({"kind": "Role", "rules": [{"verbs": ["create"], "resources": ["serviceaccounts/token"]}]}, "to give rights"),
        ({"kind": "Deployment", "spec": {"template": {"spec": {"serviceAccountName": "x"}}}}, "runs as account x"),
        ({"kind": "CronJob", "spec": {"a": [{"serviceAccount": "x"}]}}, "runs as account x"),
    ],
)
def test_every_kind_of_foreign_object_is_found(made: dict[str, Any], text: str) -> None:
    own: list[dict[str, Any]] = [
        {"kind": kind, "metadata": {"name": "acme-agent"}} for kind in ("ServiceAccount", "Role")
    ]
    (line,) = foreign_objects("acme", [*own, made])
    assert text in line


def _release(**values: Any) -> Declared:
    urn = f"urn:pulumi:prod::clearml-tenants::clearml:tenant:Tenant$clearml:tenant:Agent${RELEASE}::acme-agent"
    return Declared(RELEASE, urn, {"values": values})


def test_values_of_a_tenants_release_give_no_rights_in_the_cluster() -> None:
    (found,) = cluster_rights(_release(agentk8sglue={"additionalClusterRoleBindings": ["cluster-admin"]}))
    assert found.text.startswith("release acme-agent: values.agentk8sglue.additionalClusterRoleBindings gives rights")
    assert list(cluster_rights(_release(agentk8sglue={"serviceAccountClusterAccess": False}, other=UNKNOWN))) == []
