"""The workflows are what GitHub would accept, do only what make does, and hold no right that they do not use."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.toolchain import install_tools
from local.toolchain.catalogue import PULUMI

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
_PINNED = re.compile(r"uses: (?:\./\S+|[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$")


def _jobs(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())["jobs"]
    return found


def _steps() -> Iterator[tuple[str, str]]:
    """Every shell command of every workflow and action, with its file's name."""
    for file in [*WORKFLOWS, *(ROOT / ".github" / "actions").rglob("action.yml")]:
        content = yaml.safe_load(file.read_text())
        jobs = content.get("jobs", {"": content.get("runs", {})})
        steps = (step for job in jobs.values() for step in job.get("steps", []))
        yield from ((file.name, step["run"]) for step in steps if "run" in step)


def test_actionlint_has_nothing_to_say() -> None:
    tool = install_tools(["actionlint"])["actionlint"].path
    done = subprocess.run([str(tool), *map(str, WORKFLOWS)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_zizmor_has_nothing_to_say() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [str(zizmor), "--offline", "--no-progress", ".github"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / ".github/actions/prepare/action.yml"], ids=lambda file: file.name)
def test_actions_are_pinned_by_commit_and_say_which_version_that_is(file: Path) -> None:
    used = re.findall(r"uses: .*", file.read_text())
    assert [line for line in used if not _PINNED.fullmatch(line)] == []


def test_every_step_is_one_make_target() -> None:
    targets = set(re.findall(r"^([a-z ]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    known = {name for line in targets for name in line.split()}
    for file, command in _steps():
        assert re.fullmatch(r"make [a-z]+", command), f"{file}: {command}"
        assert command.removeprefix("make ") in known, f"{file}: {command}"


def test_a_strangers_pull_request_has_no_secret_and_writes_nothing() -> None:
    text = (ROOT / ".github/workflows/check.yml").read_text()
    assert "secrets." not in text
    assert "write" not in re.sub(r"#.*", "", text)
    # The one that has secrets runs nothing of the branch: tests/workflows/rules/trust.py.
    assert [file.name for file in WORKFLOWS if "pull_request_target:" in file.read_text()] == ["preview.yml"]


def test_what_has_secrets_runs_for_this_repositorys_own_branches_alone() -> None:
    preview = _jobs(ROOT / ".github/workflows/preview.yml")
    assert preview["proposal"]["if"] == "github.event.pull_request.head.repo.full_name == github.repository"
    assert preview["preview"]["needs"] == "proposal"


def test_no_deployment_is_ended_half_way_and_each_stack_has_one_at_a_time() -> None:
    deploy = _jobs(ROOT / ".github/workflows/deploy-stack.yml")["deploy"]
    assert deploy["concurrency"] == {"group": "stack-${{ inputs.stack }}", "cancel-in-progress": False}
    assert deploy["environment"] == "${{ inputs.environment }}"


def test_environments_follow_each_other_and_rings_too() -> None:
    jobs = _jobs(ROOT / ".github/workflows/deploy.yml")
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "dev": None,
        "dev-shards": "dev",
        "staging": ["dev", "dev-shards"],
        "staging-shards": "staging",
        "prod": ["staging", "staging-shards"],
        "prod-shards": "prod",
    }
    steps = _jobs(ROOT / ".github/workflows/deploy-stack.yml")["deploy"]["steps"]
    named = [step["name"] for step in steps if "name" in step]
    assert named == ["canary ring", "health gate", "everybody"]
    # The engine says raw what helm said; this says what to do about it.
    assert (steps[-1]["run"], steps[-1]["if"]) == ("make status", "failure() && steps.prepare.outcome == 'success'")


def test_a_night_that_takes_too_long_is_told() -> None:
    """`failure()` is a step's that ran out of time; a job that did is cancelled, and runs nothing more."""
    job = _jobs(ROOT / ".github/workflows/nightly.yml")["histories"]
    (night,) = [step for step in job["steps"] if step.get("run") == "make nightly"]
    assert night["timeout-minutes"] + 15 <= job["timeout-minutes"]


def test_policies_are_asked_in_the_trusted_preview_and_before_anything_is_deployed() -> None:
    preview = _jobs(ROOT / ".github/workflows/preview.yml")["preview"]["steps"]
    deploy = _jobs(ROOT / ".github/workflows/deploy-stack.yml")["deploy"]["steps"]
    assert [step.get("run") for step in preview].count("make review") == 1
    told = [step.get("run") or step.get("with", {}).get("command") for step in deploy]
    assert "make policy" in told[: told.index("up")]


def test_the_engine_is_the_one_that_is_tested() -> None:
    action = (ROOT / ".github/actions/prepare/action.yml").read_text()
    assert f"pulumi-version: {PULUMI}\n" in action
