"""An environment with two shards, whose stacks a paper engine runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations.deployment import up
from tests.operations.deployment.paper_shell import with_paper_engine
from tests.unit.asked import SECOND, project

ENGINE = "acme/clearml-tenants/test"
_THIRD = SECOND.replace("Beta", "Gamma").replace("beta", "gamma")


def sharded_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stack `test` with two tenants of its own and one in each of two shards, and no cluster to heal in."""
    folder = project(tmp_path / "project")
    for shard, text in {"01": _THIRD, "02": _THIRD.replace("Gamma", "Delta").replace("gamma", "delta")}.items():
        (folder / "config" / f"Pulumi.test-{shard}.yaml").symlink_to("Pulumi.test.yaml")
        (folder / "config" / "tenants" / "test" / shard).mkdir()
        (folder / "config" / "tenants" / "test" / shard / f"tenant-{shard}.yaml").write_text(text)
    with_paper_engine(tmp_path, monkeypatch)
    monkeypatch.setattr(up, "heal_stack", lambda *_, **__: None)
    return folder


def tools(root: Path) -> Path:
    """Where the engine keeps what it has."""
    return root.parent / "tools"


def put(root: Path, shard: str, name: str, text: str = "") -> Path:
    """A file that tells the engine how to run the shard's stack."""
    path = tools(root) / f"test-{shard}" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def runs(root: Path, verb: str = "up") -> list[str]:
    """The stacks that were run, or previewed, since this was asked last."""
    log = tools(root) / "runs"
    ran = [line.split()[2] for line in log.read_text().splitlines() if line.startswith(f"{verb} ")]
    log.write_text("")
    return ran
