"""The deploy, run step by step in fresh clones: what GitHub would do, with its own actions played."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.workflows.conftest import Origin, github, kubeconfig_of, secret
from tests.workflows.github.model import Repository
from tests.workflows.github.runner import Event, Result, Runner
from tests.workflows.github.site import Site

_WITH_SECRETS = {"inputs", "heal", "policy", "ring", "up", "preview", "record", "due", "status"}
_TWO = ("dev", "prod")
_PREPARED = ["checkout", "newest", "prepare", "setup-python", "program", "policies", "install-pulumi", "kubeconfig"]


@pytest.fixture(scope="module")
def deployed(origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Result], Site]:
    """Two stacks, one with a ring, one after the other and without a failure."""
    folder = tmp_path_factory.mktemp("deployed")
    site, own = github(folder / "site", origin), Repository.own()
    jobs = own.workflows["deploy"]["jobs"]
    prod = json.loads(json.dumps(jobs["prod"]).replace("staging", "dev"))
    shorter = _with_jobs(own, {"dev": jobs["dev"], "dev-shards": jobs["dev-shards"], "prod": prod})
    dev, shards, prod = Runner(shorter, site, folder / "jobs").run("deploy", Event("push", origin.newest))
    # No environment here has any, and what is left out for it stops no other.
    assert (shards.job, shards.result) == ("dev-shards", "skipped")
    return [dev, prod], site


def _with_jobs(repository: Repository, jobs: Mapping[str, Any]) -> Repository:
    deploy = {**repository.workflows["deploy"], "jobs": jobs}
    return dataclasses.replace(repository, workflows={**repository.workflows, "deploy": deploy})


def _only(runner: Runner, stack: str) -> None:
    """Let the deploy be of this stack alone."""
    jobs = runner.repository.workflows["deploy"]["jobs"]
    alone = {key: value for key, value in jobs[stack].items() if key not in ("needs", "if")}
    runner.repository = _with_jobs(runner.repository, {stack: alone})
    _without_what_others_show(runner.site)


def _platforms(results: list[Result]) -> list[Result]:
    return [result for result in results if not result.job.endswith("-shards")]


def _without_what_others_show(site: Site) -> None:
    for target in ("check", "policy"):
        site.stub(target, "exit 0")


def test_a_deploy_gets_its_environments_secrets_and_each_reaches_the_steps_that_use_it(
    deployed: tuple[list[Result], Site], origin: Origin
) -> None:
    results, site = deployed
    assert [(result.job, result.result) for result in results] == [(f"{stack}/deploy", "success") for stack in _TWO]
    for result, stack in zip(results, _TWO, strict=True):
        assert result.holders(kubeconfig_of(origin, stack)) == {"prepare", "kubeconfig"}
        for kind in ("TOKEN", "PASSPHRASE"):
            assert result.holders(secret(kind, stack)) == _WITH_SECRETS & set(result.done)
        assert "SOMETHING ELSE" not in str(result)
        assert "the repository" not in str(result)
        assert not [step.task for step in result.steps if f" of {stack}" in step.log]
    ups = site.engine_runs("up", "--suppress-outputs", "--refresh")
    assert [(run["token"], run["passphrase"], run["kubeconfig"], run["backend"]) for run in ups] == [
        (
            secret("TOKEN", stack),
            secret("PASSPHRASE", stack),
            kubeconfig_of(origin, stack),
            f"https://state.example.com/{stack}",
        )
        for stack in ("dev", "prod", "prod")
    ]


def test_the_ring_goes_first_and_everybody_follows_when_it_is_as_declared(deployed: tuple[list[Result], Site]) -> None:
    (dev, prod), site = deployed
    assert dev.done == [*_PREPARED, "check", "heal", "inputs", "policy", "ring", "up", "record", "due"]
    assert prod.done == [
        *_PREPARED,
        "check",
        "heal",
        "inputs",
        "policy",
        "ring",
        "up",
        "preview",
        "up",
        "record",
        "due",
    ]
    ring, everybody = site.engine_runs("up", "prod")
    excluded = {each for each in ring["arguments"] if each.startswith("--exclude=")}
    assert "--exclude=**::initech-*" in excluded
    assert not [each for each in excluded if "globex" in each]
    assert not [each for each in everybody["arguments"] if each.startswith("--exclude=")]
    (gate,) = site.engine_runs("preview", "prod", "--expect-no-changes", "--refresh")
    assert excluded <= set(gate["arguments"])


def test_what_did_not_change_is_healed_and_not_run(runner: Runner, site: Site, origin: Origin) -> None:
    """Also from another machine's checkout."""
    _only(runner, "prod")
    for expected in (["policy", "ring", "up", "preview", "up", "record"], []):
        (prod,) = runner.run("deploy", Event("push", origin.newest))
        assert prod.result == "success", [step for step in prod.steps if step.outcome == "failure"]
        assert prod.done == [*_PREPARED, "check", "heal", "inputs", *expected, "due"]
    assert prod.step("inputs").log.startswith("prod: unchanged since 20")


def test_a_ring_that_is_not_as_declared_stops_the_deploy(runner: Runner, site: Site, origin: Origin) -> None:
    _only(runner, "prod")
    (site.folder / "fails").write_text("preview prod --expect-no-changes")
    (prod,) = runner.run("deploy", Event("push", origin.newest))
    assert (prod.result, prod.done[-3:]) == ("failure", ["up", "preview", "status"])


def test_a_stack_that_fails_stops_the_next(runner: Runner, site: Site, origin: Origin) -> None:
    _without_what_others_show(site)
    (site.folder / "fails").write_text("stack ls")
    dev, staging, prod = _platforms(runner.run("deploy", Event("push", origin.newest)))
    assert (dev.result, dev.done[-2:]) == ("failure", ["heal", "status"])
    assert [staging.result, prod.result] == ["skipped", "skipped"]


def test_without_being_passed_no_secret_reaches_a_called_workflow(runner: Runner, site: Site, origin: Origin) -> None:
    """As it was: the job names its environment, and yet `secrets` is empty."""
    jobs = {name: {**job, "secrets": {}} for name, job in runner.repository.workflows["deploy"]["jobs"].items()}
    runner.repository = _with_jobs(runner.repository, jobs)
    dev, *_ = runner.run("deploy", Event("push", origin.newest))
    assert dev.result == "failure"
    assert "KUBECONFIG_CONTENT is empty" in dev.step("kubeconfig").log
    assert site.engine_runs() == []


def test_an_old_run_that_is_run_again_puts_no_older_files_back(runner: Runner, site: Site, origin: Origin) -> None:
    site.deployed("dev", origin.older, "in_progress", "success")
    site.deployed("dev", origin.newest, "in_progress", "success")
    site.deployed("dev", origin.older, "in_progress")
    dev, *others = _platforms(runner.run("deploy", Event("push", origin.older)))
    assert (dev.result, dev.done) == ("failure", ["checkout", "newest"])
    refusal = f"error: dev: commit {origin.older[:8]} of this run is older than {origin.newest[:8]}, which is deployed"
    assert dev.step("newest").log.startswith(refusal)
    assert [other.result for other in others] == ["skipped", "skipped"]
    assert site.engine_runs() == []


def test_a_deploy_that_main_has_overtaken_goes_on_while_the_newer_one_waits(
    runner: Runner, site: Site, origin: Origin
) -> None:
    _only(runner, "dev")
    site.deployed("dev", origin.newest, "waiting")
    (site.folder / "fails").write_text("whoami")
    (dev,) = runner.run("deploy", Event("push", origin.older))
    assert "though main is further" in dev.step("newest").log
    assert "heal" in dev.done
