"""No tenant's release has rights but its chart's own, whatever the values: judged on what charts make of them."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.toolchain import install_tools
from policy.declaration import Declaration
from policy.registries import rendered_images
from policy.render import objects_of
from policy.rights import cluster_rights, foreign_objects, rendered_rights
from rendering import helm
from rendering.helm import NotRenderedError
from rendering.unknown import UNKNOWN
from settings.types.naming import RELEASE
from tests.local.documented_values import EVERY_AGENT_VALUE, EVERY_GATEWAY_VALUE
from tests.local.helm import AGENT, GATEWAY, LEAST, merged, render

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
    # These are refused in tenants' files.
    bindings: dict[str, Any] = {"additionalRoleBindings": [], "additionalClusterRoleBindings": []}
    own = {"agentk8sglue": {"serviceAccountClusterAccess": False, "serviceExistingAccountName": "", **bindings}}
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


def _release(**values: Any) -> Declaration:
    urn = f"urn:pulumi:prod::clearml-tenants::clearml:tenant:Tenant$clearml:tenant:Agent${RELEASE}::acme-agent"
    return Declaration(RELEASE, urn, {"values": values})


def test_values_of_a_tenants_release_give_no_rights_in_the_cluster() -> None:
    (found,) = cluster_rights(_release(agentk8sglue={"additionalClusterRoleBindings": ["cluster-admin"]}))
    assert found.text.startswith("release acme-agent: values.agentk8sglue.additionalClusterRoleBindings gives rights")
    assert list(cluster_rights(_release(agentk8sglue={"serviceAccountClusterAccess": False}, other=UNKNOWN))) == []


def _declared_release(values: dict[str, Any], **more: Any) -> Declaration:
    given = merged(LEAST[AGENT], values)
    return replace(_release(), props={"chart": f"./local/charts/{AGENT}", "values": given, "namespace": "acme", **more})


@pytest.fixture
def _helm_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = install_tools(["helm"])["helm"].path.parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("_helm_on_path")
def test_what_a_release_would_make_is_rendered_and_judged() -> None:
    """Also what is known only when it is made; the chart's own objects are sound."""
    unknown = {"clearml": {"agentk8sglueKey": UNKNOWN}}
    assert list(rendered_rights(_declared_release(unknown, name=UNKNOWN))) == []
    hostile = {"agentk8sglue": {"serviceAccountClusterAccess": True}}
    told = [violation.text for violation in rendered_rights(_declared_release(hostile))]
    assert len(told) == 2
    assert all(line.startswith("release acme-agent: ClusterRole") for line in told)


@pytest.mark.usefixtures("_helm_on_path")
def test_all_judges_of_a_release_ask_helm_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenant's chart was rendered for each of three policies."""
    asked: list[str] = []
    ask = helm._helm

    def counted(*arguments: str, **more: Any) -> str:
        asked.append(arguments[0])
        return ask(*arguments, **more)

    monkeypatch.setattr(helm, "_helm", counted)
    release = _declared_release({"agentk8sglue": {"taskWorkerIdOverride": "counted", "labels": {"a": UNKNOWN}}})
    for judge in (rendered_rights, rendered_images, objects_of):
        list(judge(release))
    assert asked == ["template"]
    list(rendered_rights(_declared_release({"agentk8sglue": {"taskWorkerIdOverride": "another"}})))
    assert asked == ["template", "template"]


@pytest.mark.usefixtures("_helm_on_path")
def test_a_chart_that_cannot_be_rendered_is_told_without_its_values() -> None:
    with pytest.raises(NotRenderedError, match=r"^helm template failed: run it by hand to see why$"):
        list(rendered_rights(_declared_release({"planted": "secret"})))


def test_without_helm_nothing_is_said_to_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotRenderedError, match="helm is not on PATH"):
        list(rendered_rights(_declared_release({})))


def test_what_is_no_tenants_release_is_not_rendered() -> None:
    assert list(rendered_rights(replace(_release(), urn="urn:pulumi:prod::x::server"))) == []


def test_a_login_stands_in_files_that_only_we_can_read(tmp_path: Path) -> None:
    variables = helm._login(tmp_path, "oci://registry.example.com/x", "robot", "planted")
    kept = Path(variables["HELM_REGISTRY_CONFIG"])
    assert json.loads(kept.read_text())["auths"].keys() == {"registry.example.com"}
    assert kept.stat().st_mode & 0o077 == 0
