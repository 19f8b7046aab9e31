"""The preview with secrets, played: main's program on a branch's files, and never a line of the branch's own code."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.conftest import NUMBER, Origin, kubeconfig_of, pull_request_target, secret
from tests.workflows.github.model import Repository
from tests.workflows.github.runner import Result, Runner
from tests.workflows.github.site import Site, commit, git

_TENANT = Path("config") / "tenants" / "prod" / "globex.yaml"


def _branch(origin: Origin, folder: Path, change: Callable[[Path], object]) -> str:
    """The commit of a new branch of the repository, from main on, with this change."""
    git(origin.folder, "worktree", "add", "--quiet", "-b", f"branch-{folder.name}", str(folder / "branch"), "main")
    change(folder / "branch")
    return commit(folder / "branch", "A change")


def _by_job(results: list[Result]) -> dict[str, Result]:
    return {result.job: result for result in results}


def _appended(folder: Path, path: Path | str, text: str) -> None:
    with (folder / path).open("a") as file:
        file.write(text)


def test_a_branch_is_previewed_with_credentials_that_read_and_mains_program(
    runner: Runner, site: Site, origin: Origin
) -> None:
    results = _by_job(runner.run("preview", pull_request_target(origin)))
    assert {job: result.result for job, result in results.items()} == {"proposal": "success", "preview": "success"}
    assert results["proposal"].outputs == {"stacks": '["prod"]'}
    preview = results["preview"]
    assert preview.holders(kubeconfig_of(origin, "prod-preview")) == {"prepare", "kubeconfig"}
    assert preview.holders(secret("TOKEN", "prod-preview")) == {"review"}
    assert {run["token"] for run in site.engine_runs()} == {secret("TOKEN", "prod-preview")}
    assert site.engine_runs("up") == []
    assert len(site.engine_runs("preview", "--policy-pack")) == 1
    (comment,) = site.store["comments"][str(NUMBER)]
    assert "with its own secrets: previewed" in comment["body"]
    assert "`config/tenants/prod/globex.yaml`: only comments, spaces or quotes differ" in comment["body"]


def test_what_is_previewed_is_main_with_the_branchs_files(runner: Runner, origin: Origin, tmp_path: Path) -> None:
    """The branch left main before its newest commit, which stays."""
    git(origin.folder, "worktree", "add", "--quiet", "-b", "behind", str(tmp_path / "behind"), origin.older)
    _appended(tmp_path / "behind", _TENANT, "# of the branch\n")
    head = commit(tmp_path / "behind", "A change")
    results = _by_job(runner.run("preview", pull_request_target(origin, head)))
    assert results["preview"].result == "success"
    (workspace,) = (folder / "workspace" for folder in runner.folder.iterdir() if folder.name.endswith("-prod"))
    assert (workspace / _TENANT).read_text().endswith("# of the branch\n")
    assert (workspace / "docs" / "newer.md").exists()
    assert git(workspace, "status", "--porcelain", "--untracked-files=no") == f"M {_TENANT}"


def test_a_violation_is_told_and_fails(runner: Runner, site: Site, origin: Origin) -> None:
    (site.folder / "fails").write_text("preview prod")
    results = _by_job(runner.run("preview", pull_request_target(origin)))
    assert results["preview"].result == "failure"
    (comment,) = site.store["comments"][str(NUMBER)]
    assert "the preview failed, or a policy is violated" in comment["body"]


def test_a_strangers_pull_request_is_not_previewed(runner: Runner, site: Site, origin: Origin) -> None:
    """Although this event would give it every secret."""
    results = runner.run("preview", pull_request_target(origin, fork=True))
    assert {result.result for result in results} == {"skipped"}
    assert site.engine_runs() == []


def _hostile(marker: Path) -> dict[str, Callable[[Path], object]]:
    python = f"open({str(marker)!r}, 'a').write('ran')\n"
    shell = f"touch {marker}"
    return {
        "a target of make": lambda folder: _appended(folder, "Makefile", f"\n$(shell {shell})\n"),
        "another makefile": lambda folder: _appended(folder, "GNUmakefile", f"$(shell {shell})\ncheck proposal:\n\t\n"),
        "the program": lambda folder: _appended(folder, "operations/__init__.py", python),
        "a module of Python's": lambda folder: _appended(folder, "json.py", python),
        "what Python starts with": lambda folder: _appended(folder, "sitecustomize.py", python),
        "a policy": lambda folder: _appended(folder, "policy/__main__.py", python),
        "the action": lambda folder: _appended(
            folder, ".github/actions/prepare/action.yml", f"    - run: {shell}\n      shell: bash\n"
        ),
        "a package": lambda folder: _appended(folder, "requirements.txt", "hostile==1\n"),
        "code beside the files": lambda folder: _appended(folder, "config/__init__.py", python),
        "a way of reading files": lambda folder: _appended(folder, ".gitattributes", "* filter=hostile\n"),
    }


@pytest.mark.parametrize("kind", _hostile(Path()))
def test_no_code_of_a_branch_runs_where_secrets_are(
    runner: Runner, site: Site, origin: Origin, tmp_path: Path, kind: str
) -> None:
    """It is refused in one line, before anybody is asked for an approval."""
    marker = tmp_path / "marker"

    def change(folder: Path) -> None:
        _appended(folder, _TENANT, "# changed\n")
        _hostile(marker)[kind](folder)

    head = _branch(origin, tmp_path, change)
    results = _by_job(runner.run("preview", pull_request_target(origin, head)))
    assert {job: result.result for job, result in results.items()} == {"proposal": "failure", "preview": "skipped"}
    assert "beside the files of main's stacks and their tenants" in results["proposal"].step("proposal").log
    assert results["proposal"].done[-1] == "proposal"
    assert site.engine_runs() == []
    assert not marker.exists()


def test_with_the_branch_checked_out_its_code_would_run(runner: Runner, origin: Origin, tmp_path: Path) -> None:
    """The measure of the test before: the same branch and a workflow that is broken on purpose."""
    marker = tmp_path / "marker"
    head = _branch(origin, tmp_path, _hostile(marker)["the program"])
    runner.repository = _with_head_checked_out(runner.repository)
    runner.run("preview", pull_request_target(origin, head))
    assert marker.exists()


def _with_head_checked_out(repository: Repository) -> Repository:
    preview: Any = copy.deepcopy(repository.workflows["preview"])
    preview["jobs"]["proposal"]["steps"][0]["with"]["ref"] = "${{ github.event.pull_request.head.sha }}"
    return dataclasses.replace(repository, workflows={**repository.workflows, "preview": preview})
