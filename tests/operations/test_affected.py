"""A stack that a change does not touch is not run; one that it may touch always is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from operations.errors import OperationError
from operations.github.affected import affected, changed_since, named_in

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
        (["config/tenants/prod/01/acme.yaml"], ["prod"]),
        (["config/Pulumi.prod-01.yaml"], ["prod"]),
        (["operations/releases/heal.py"], ["dev", "prod", "staging"]),
        (["rendering/helm.py"], ["dev", "prod", "staging"]),
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
    assert affected(files, _STACKS, {}) == stacks


def test_a_shard_that_has_gone_touches_the_environment_with_the_longest_name() -> None:
    assert affected(["config/Pulumi.prod-eu-01.yaml"], ["prod", "prod-eu"], {}) == ["prod-eu"]


@pytest.mark.parametrize(
    ("file", "stacks"),
    [
        ("config/charts/agent/templates/agent.yaml", ["dev", "staging"]),
        ("vendor/gateway/Chart.yaml", ["staging"]),
        ("config/charts/unused/Chart.yaml", ["dev", "prod", "staging"]),
        ("vendor/unused/Chart.yaml", []),
        ("docs/charts.md", []),
    ],
)
def test_a_charts_file_touches_the_stacks_that_have_the_chart(tmp_path: Path, file: str, stacks: list[str]) -> None:
    """`config/charts/` counted as nobody's, so an edit there was neither rehearsed nor told under a pull request."""
    _write(tmp_path, "dev", agent="./config/charts/agent")
    _write(tmp_path, "staging", agent="config/charts/agent", gateway="./config/charts/link")
    _write(tmp_path, "prod", agent="oci://docker.io/clearml/clearml-enterprise-agent")
    (tmp_path / "config/charts/agent").mkdir(parents=True)
    (tmp_path / "vendor/gateway").mkdir(parents=True)
    (tmp_path / "config/charts/link").symlink_to("../../vendor/gateway")
    known = ["dev", "prod", "staging"]
    assert affected([file], known, named_in(tmp_path, known)) == stacks


def test_an_authority_in_the_project_touches_the_stack_that_names_it(tmp_path: Path) -> None:
    _write(tmp_path, "dev")
    _write(tmp_path, "prod")
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs/ca.pem").write_text("")
    with (tmp_path / "config/Pulumi.prod.yaml").open("a") as file:
        file.write("  clearml-tenants:apiCaFile: certs/ca.pem\n")
    assert affected(["certs/ca.pem"], ["dev", "prod"], named_in(tmp_path, ["dev", "prod"])) == ["prod"]


@pytest.mark.parametrize("content", ["a: [", "config: {}\n", "- 1\n", "\0"])
def test_a_stack_whose_file_cannot_be_read_has_no_charts(tmp_path: Path, content: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/Pulumi.dev.yaml").write_text(content)
    assert affected(["vendor/gateway/Chart.yaml"], ["dev"], named_in(tmp_path, ["dev"])) == []


def _write(root: Path, stack: str, **charts: str) -> None:
    settings = {"charts": {name: {"chart": place} for name, place in charts.items()}}
    (root / "config").mkdir(exist_ok=True)
    content = {"config": {"clearml-tenants:stack": settings}}
    (root / f"config/Pulumi.{stack}.yaml").write_text(yaml.safe_dump(content))


def test_a_file_that_is_gone_or_called_otherwise_counts_where_it_was(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    (tmp_path / "before.yaml").write_text("the same content\n")
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"], ["checkout", "-qb", "change"],
                    ["mv", "before.yaml", "after.yaml"], ["commit", "-qm", "y"]):  # fmt: skip
        subprocess.run([*git, *command], check=True)
    assert changed_since(tmp_path, "main") == ["after.yaml", "before.yaml"]
    with pytest.raises(OperationError, match=r"^BASE='nowhere': .*; name a commit that is fetched here$"):
        changed_since(tmp_path, "nowhere")
