"""A state in a bucket: whether a run is at work cannot be seen there, so somebody has to say that none is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from operations.errors import OperationError
from operations.release_tenant import release_tenant
from operations.releases import heal_stack as module
from operations.releases.heal_stack import heal_stack
from operations.takeover.take_over import take_over
from tests.unit.asked import project
from tests.unit.paper_helm import AGENT, PaperHelm, cluster

_PROVIDER = "urn:pulumi:test::clearml-tenants::pulumi:providers:kubernetes::kubernetes::0a1b"
_RELEASE = {
    "urn": "urn:pulumi:test::clearml-tenants::kubernetes:helm.sh/v3:Release::acme-agent",
    "type": "kubernetes:helm.sh/v3:Release",
    "provider": _PROVIDER,
    "inputs": {"name": AGENT.name, "namespace": AGENT.namespace},
}
_STATE = {"deployment": {"resources": [_RELEASE]}}
_PULUMI = f"""#!/bin/sh
case "$1" in whoami) echo '{{"url": "s3://states"}}' ;; stack) echo '{json.dumps(_STATE)}' ;; esac
"""
_UNSEEN = "whether a run is at work cannot be seen in s3 state"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pulumi").write_text(_PULUMI)
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return project(tmp_path / "project")


@pytest.fixture
def helm(monkeypatch: pytest.MonkeyPatch) -> PaperHelm:
    """The stack's cluster, in which a run died while it upgraded the agent."""
    paper = cluster(AGENT, "pending-upgrade", before=["deployed"])

    @contextmanager
    def helm_in(*_: Any) -> Iterator[PaperHelm]:
        yield paper

    monkeypatch.setattr(module, "helm_in", helm_in)
    return paper


def test_a_release_is_left_pending_without_the_word(
    root: Path, helm: PaperHelm, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OperationError, match="1 of 1 clusters not healed"):
        heal_stack(root, "test", print, no_run_at_work=False)
    assert helm.done == []
    assert f"{_UNSEEN}: make sure that none is, then run this again with NO_RUN_AT_WORK=true" in capsys.readouterr().out


def test_with_the_word_it_is_healed(root: Path, helm: PaperHelm) -> None:
    (told,) = heal_stack(root, "test", print, no_run_at_work=True)
    assert helm.done == ["rollback acme-agent 1 --namespace acme"]
    assert told.endswith("rolled back to revision 1")


def test_no_tenant_is_released_and_nothing_taken_over_without_the_word(root: Path) -> None:
    for act in (
        lambda: release_tenant(root, "test", "acme", no_run_at_work=False),
        lambda: take_over(root, "test", print, no_run_at_work=False),
    ):
        with pytest.raises(OperationError, match=_UNSEEN):
            act()


def test_with_the_word_a_tenant_is_released(root: Path) -> None:
    told = release_tenant(root, "test", "acme", no_run_at_work=True)
    assert told[0].startswith("tenant acme: 0 resources left the state")
