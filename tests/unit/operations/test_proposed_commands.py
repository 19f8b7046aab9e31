"""A command of kubectl or helm that a message proposes names its cluster: a person's current context may be another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.namespaces.commands import cluster_options, helm, kubectl
from operations.health.advice import remediation
from settings.models.cluster_ref import ClusterRef

_ROOT = Path(__file__).parents[3]
_PROGRAM = ("components", "operations", "policy", "rendering", "settings")
# What asks no cluster is free of one, and so is what a page of ours says as a whole.
_COMMAND = re.compile(
    r"\bkubectl (?!config get-contexts)\S|\bhelm (?:uninstall|rollback|history|list|status|get|upgrade|install) "
)
_FILES = sorted(file for folder in _PROGRAM for file in (_ROOT / folder).rglob("*.py"))


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every text but docstrings, which nobody types."""
    sayings = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in sayings:
            yield each


def test_no_message_has_a_command_that_the_one_function_did_not_write() -> None:
    found = [
        f"{file.relative_to(_ROOT)}:{text.lineno}: {text.value!r}"
        for file in _FILES
        for text in _texts(ast.parse(file.read_text()))
        if _COMMAND.search(str(text.value))
    ]
    assert len(_FILES) > 100
    assert found == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (ClusterRef(kube_context="gpu"), "--context gpu"),
        (ClusterRef(kube_context="jane at work"), "--context 'jane at work'"),
        (ClusterRef(kube_context="gpu", cluster="old"), "--context gpu"),
        (ClusterRef(kubeconfig="gpu"), "--kubeconfig <file-of-kubeconfigs.gpu>"),
        (ClusterRef(kubeconfig="gpu", kube_context="a"), "--kubeconfig <file-of-kubeconfigs.gpu> --context a"),
        (None, "--context <its-cluster>"),
    ],
)
def test_a_command_leads_to_its_cluster(place: ClusterRef | None, said: str) -> None:
    assert kubectl("get pods", place) == f"kubectl get pods {said}"
    assert helm("list", place) == f"helm list {said.replace('--context', '--kube-context')}"


def test_the_way_out_of_what_kubernetes_never_changes_is_for_its_cluster() -> None:
    said = 'cannot patch "a" with kind Deployment: spec.selector: field is immutable'
    told = remediation(said, "acme", cluster=cluster_options(ClusterRef(kube_context="gpu")))
    assert "kubectl delete deployment a --namespace acme --context gpu; see" in told
    assert "kubectl delete deployment a --namespace <the release's> --context <its-cluster>; see" in remediation(said)
