"""Tasks that install packages: a closed namespace reaches no index, which somebody is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.loading.load import Environment
from tests.field.reach.acme import cluster_of
from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, TENANT, load_project
from tests.unit.components.isolation.network_policy import Peer

_KNOWN = "cluster: {pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}"
_WITH_AGENT = f"{SECOND}agent: {{queues: {{q: {{}}}}}}\n"
_TASK = Peer("task", "10.244.1.1", "acme")
_ALL_IN_THE_IMAGE = "basePodTemplate: {env: [{name: CLEARML_AGENT_SKIP_PYTHON_ENV_INSTALL, value: '1'}]}"


def _loaded(root: Path, network: str = "", more: str = "", acme: str = TENANT, beta: str = SECOND) -> Environment:
    stack = f"{STACK}    isolation: {{network: {{{_KNOWN}{network}}}}}\n{more}"
    return load_project(root, {STACK_FILE: stack, ACME: acme, BETA: beta})


def _warnings(environment: Environment) -> list[str]:
    return [str(each) for each in environment.warnings if "package index" in each.message]


def _reaches(environment: Environment, target: Peer) -> bool:
    return cluster_of(environment).allows(_TASK, target, 443)


@pytest.mark.parametrize("beta", [SECOND, _WITH_AGENT])
def test_one_warning_for_the_stack_names_the_tenants(tmp_path: Path, beta: str) -> None:
    (said,) = _warnings(_loaded(tmp_path, beta=beta))
    assert said.startswith(f"{STACK_FILE}: clearml-tenants:stack.isolation.network.allow: tasks of acme")
    assert ("beta" in said) is (beta is _WITH_AGENT)
    assert "[{cidr: 0.0.0.0/0, ports: [443]}]" in said


def test_what_it_says_mends_it(tmp_path: Path) -> None:
    """And is true: before, the index is not reached."""
    index = Peer("index", "151.101.0.223")
    assert not _reaches(_loaded(tmp_path / "before"), index)
    mended = _loaded(tmp_path / "after", ", allow: [{cidr: 0.0.0.0/0, ports: [443]}]")
    assert _warnings(mended) == []
    assert _reaches(mended, index)


@pytest.mark.parametrize(
    ("network", "more", "acme"),
    [
        (", allow: [{namespace: mirror, ports: [8081]}]", "", TENANT),
        (", allow: [{cidr: 203.0.113.7/32, ports: [3128], reason: our proxy}]", "", TENANT),
        ("", "", f"{TENANT}isolation: {{network: {{allow: [{{cidr: 203.0.113.7/32, ports: [443]}}]}}}}\n"),
        ("", "", TENANT.replace("agent:\n", f"agent:\n  {_ALL_IN_THE_IMAGE}\n")),
        ("", "    workers: {kubeContext: kind-gpu}\n", TENANT),
        ("", "", "company: Acme Inc.\nadmin: {name: Acme Admin, email: admin@acme.example}\n"),
    ],
)
def test_whoever_has_seen_to_it_is_told_nothing(tmp_path: Path, network: str, more: str, acme: str) -> None:
    assert _warnings(_loaded(tmp_path, network, more, acme)) == []


@pytest.mark.parametrize("entry", ["{cidr: 203.0.113.7/32, ports: [2049]}", "{cidr: 203.0.113.7/32, ports: [443/UDP]}"])
def test_what_is_no_index_does_not_silence_it(tmp_path: Path, entry: str) -> None:
    assert len(_warnings(_loaded(tmp_path, f", allow: [{entry}]"))) == 1
