"""Main with the stacks dev, local and prod, and a pull request that touches none of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operations.comment.pull_request import GitHub, commit_of, proposal
from tests.workflows.github.model import ROOT
from tests.workflows.github.site import git


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitHub:
    """The files of `prod` are those of this repository."""
    (tmp_path / "plans").mkdir()
    tenants = ROOT / "config" / "tenants" / "prod"
    prod = {path.relative_to(ROOT).as_posix(): path.read_text() for path in tenants.glob("*.yaml")}
    stack = {"config/Pulumi.prod.yaml": (ROOT / "config" / "Pulumi.prod.yaml").read_text()}
    files = {**prod, **stack, "config/Pulumi.dev.yaml": "", "config/Pulumi.local.yaml": "", "docs/a.md": "a\n"}
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    for name, value in (("user.name", "Ann"), ("user.email", "ann@example.com")):
        git(tmp_path, "config", name, value)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    commit_of(tmp_path, *files)
    site = GitHub(tmp_path, monkeypatch)
    site.proposes(proposal(tmp_path, {"docs/a.md": "b\n"}))
    return site
