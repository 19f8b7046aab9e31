"""A stack that a change does not touch is not run; one that it may touch always is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from operations.errors import OperationError
from operations.github.affected import affected, changed_since

_STACKS = ["dev", "local", "prod", "staging"]


@pytest.mark.parametrize(
    ("files", "stacks"),
    [
        (["config/tenants/prod/acme.yaml"], ["prod"]),
        (["config/Pulumi.dev.yaml", "config/tenants/prod/acme.yaml"], ["dev", "prod"]),
        (["config/tenants/local/acme.yaml", "config/Pulumi.local.yaml"], []),
        (
            [
                "docs/how-to.md",
                "tests/unit/repository/test_layers.py",
                "local/engine/run.py",
                "README.md",
                "requirements-dev.txt",
            ],
            [],
        ),
        (["config/schema/tenant.json"], []),
        (["components/tenant.py"], ["dev", "prod", "staging"]),
        (["settings/checks/unique.py"], ["dev", "prod", "staging"]),
        (["requirements.txt"], ["dev", "prod", "staging"]),
        (["__main__.py"], ["dev", "prod", "staging"]),
        (["config/tenants/gone/acme.yaml"], []),
        (["operations/releases/heal.py"], ["dev", "prod", "staging"]),
        (["policy/domains.py"], ["dev", "prod", "staging"]),
        (["policy/requirements.txt"], ["dev", "prod", "staging"]),
        (["Makefile"], ["dev", "prod", "staging"]),
        (["local/bootstrap.py"], ["dev", "prod", "staging"]),
        ([".github/workflows/deploy-stack.yml"], ["dev", "prod", "staging"]),
        ([".github/actions/prepare/action.yml"], ["dev", "prod", "staging"]),
        ([".github/workflows/check.yml", ".github/CODEOWNERS", "local/charts/README.md"], []),
    ],
)
def test_what_a_change_touches(files: list[str], stacks: list[str]) -> None:
    assert affected(files, _STACKS) == stacks


def test_a_file_that_is_gone_or_called_otherwise_counts_where_it_was(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    (tmp_path / "before.yaml").write_text("the same content\n")
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"], ["checkout", "-qb", "change"],
                    ["mv", "before.yaml", "after.yaml"], ["commit", "-qm", "y"]):  # fmt: skip
        subprocess.run([*git, *command], check=True)
    assert changed_since(tmp_path, "main") == ["after.yaml", "before.yaml"]
    with pytest.raises(OperationError, match=r"^BASE='nowhere': .*; name a commit that is fetched here$"):
        changed_since(tmp_path, "nowhere")
