"""The deploy of an environment with shards, run step by step: the platform, the shard of the canary, the others."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from tests.workflows.conftest import Origin, github, kubeconfig_of, secret
from tests.workflows.github.model import Repository
from tests.workflows.github.runner import Event, Result, Runner
from tests.workflows.github.site import Site, commit, git

_SHARDS = {"01": "initech", "02": "globex", "03": "hooli"}


@pytest.fixture(scope="module")
def sharded(origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> Origin:
    """`prod` with a tenant in each of three shards; globex is the canary."""
    folder = tmp_path_factory.mktemp("sharded") / "origin"
    git(origin.folder, "clone", "--quiet", "--branch", "main", str(origin.folder), str(folder))
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    file, tenants = folder / "config" / "Pulumi.prod.yaml", folder / "config" / "tenants" / "prod"
    file.write_text(f"encryptionsalt: v1:c2FsdA==:v1:nonce:ciphertext\n{file.read_text()}")
    shutil.copy(folder / "config/tenants/dev/playground.yaml", tenants / "hooli.yaml")
    for shard, tenant in _SHARDS.items():
        file.with_name(f"Pulumi.prod-{shard}.yaml").symlink_to(file.name)
        (tenants / shard).mkdir()
        (tenants / f"{tenant}.yaml").rename(tenants / shard / f"{tenant}.yaml")
    older = commit(folder, "Three shards")
    return dataclasses.replace(origin, folder=folder, older=older, newest=commit(folder, "Newer"))


@pytest.fixture
def site(tmp_path: Path, sharded: Origin) -> Site:
    """Nothing has run there yet; what `twice` shows of healing and rings takes no time here."""
    site = _site(tmp_path / "site", sharded)
    for target in ("heal", "ring"):
        site.stub(target, "exit 0")
    return site


@pytest.fixture
def runner(tmp_path: Path, site: Site) -> Runner:
    """Of a deploy of production, and of a stack after it to see that it follows."""
    return _runner(site, tmp_path / "jobs")


def _site(folder: Path, sharded: Origin) -> Site:
    """What only the whole of the files shows, and policies, are others' tests."""
    site = github(folder, sharded)
    for target in ("check", "policy"):
        site.stub(target, "exit 0")
    return site


def _runner(site: Site, folder: Path) -> Runner:
    own = Repository.own()
    jobs = own.workflows["deploy"]["jobs"]
    # One before it whose shards were left out, as where it has none, keeps none of these from running.
    first = {"first": {"if": False, "permissions": {}, "steps": []}}
    prod = {**first, "prod": {**jobs["prod"], "needs": "first", "if": "always()"}, "prod-shards": jobs["prod-shards"]}
    after = json.loads(json.dumps(jobs["staging"]).replace("dev", "prod"))
    deploy = {**own.workflows["deploy"], "jobs": {**prod, "staging": after}}
    return Runner(dataclasses.replace(own, workflows={**own.workflows, "deploy": deploy}), site, folder)


def _run(runner: Runner, sharded: Origin, run: int = 1) -> dict[tuple[str, str], Result]:
    _, *results = runner.run("deploy", Event("push", sharded.newest, run_id=run))
    return {(result.job, result.stack): result for result in results}


_Twice = tuple[list[dict[tuple[str, str], Result]], Site]
_PLATFORM, _NEXT = ("prod/deploy", "prod"), ("staging/deploy", "staging")
_CANARY = ("prod-shards/canaries/deploy", "prod-02")
_OTHERS = [("prod-shards/others/deploy", f"prod-{shard}") for shard in ("01", "03")]
_SUMMARY = ("prod-shards/summary", "")


@pytest.fixture(scope="module")
def twice(sharded: Origin, tmp_path_factory: pytest.TempPathFactory) -> _Twice:
    """A deploy without a failure, and another one with nothing to do."""
    folder = tmp_path_factory.mktemp("twice")
    site = _site(folder / "site", sharded)
    runner = _runner(site, folder / "jobs")
    return [_run(runner, sharded, run) for run in (1, 2)], site


def test_the_platform_goes_first_then_the_canarys_shard_then_the_others(twice: _Twice, sharded: Origin) -> None:
    (results, _), site = twice
    assert list(results) == [_PLATFORM, _CANARY, *_OTHERS, _SUMMARY, _NEXT]
    assert {result.result for result in results.values()} == {"success"}
    ups = [run["arguments"][run["arguments"].index("--stack") + 1] for run in site.engine_runs("up", "--refresh")]
    # Those after it are of the second run, and of a stack without shards.
    assert ups[:5] == ["prod", "prod-02", "prod-01", "prod-03", "staging"]
    assert results[_SUMMARY].step("summary").log.splitlines() == [
        "prod-02: success",
        "prod-01: success",
        "prod-03: success",
        "prod: 3 of 3 shards that had anything to do are as their files say",
    ]
    # A shard's releases are its own job's, which knows that no run of the shard is at work.
    assert results[_PLATFORM].step("heal").log.splitlines() == ["stack prod: no release has to be healed"]
    assert results[_CANARY].step("heal").log.splitlines() == ["stack prod-02: no release has to be healed"]


def test_a_shard_has_its_environments_secrets_and_no_other(twice: _Twice, sharded: Origin) -> None:
    (results, _), site = twice
    for shard in (_CANARY, *_OTHERS):
        assert results[shard].holders(kubeconfig_of(sharded, "prod")) == {"prepare", "kubeconfig"}
        assert results[shard].holders(secret("TOKEN", "prod")) >= {"inputs", "heal", "up", "record", "due"}
        assert "the repository" not in str(results[shard])
    assert not results[_SUMMARY].holders(secret("TOKEN", "prod"))
    assert {run["backend"] for run in site.engine_runs("prod-01")} == {"https://state.example.com/prod"}


def test_shards_that_did_not_change_are_not_run_and_the_next_environment_is(
    twice: _Twice,
) -> None:
    (_, results), _ = twice
    assert list(results) == [_PLATFORM, ("prod-shards", ""), _NEXT]
    assert results["prod-shards", ""].result == "skipped"
    assert "prod-03: unchanged since" in results[_PLATFORM].step("due").log
    assert results[_NEXT].result == "success"


def test_a_shard_that_fails_stops_no_other_and_the_next_run_does_that_one_alone(
    runner: Runner, site: Site, sharded: Origin
) -> None:
    (site.folder / "fails").write_text("up prod-01")
    results = _run(runner, sharded)
    assert [results[each].result for each in (_CANARY, *_OTHERS)] == ["success", "failure", "success"]
    assert results[_OTHERS[0]].done[-1] == "status"
    assert results[_SUMMARY].result == "failure"
    assert "prod-01: failure\nprod-03: success\nprod: 2 of 3 shards" in results[_SUMMARY].step("summary").log
    assert results["staging", ""].result == "skipped"

    (site.folder / "fails").unlink()
    results = _run(runner, sharded, run=2)
    assert list(results) == [_PLATFORM, ("prod-shards/canaries", ""), _OTHERS[0], _SUMMARY, _NEXT]
    assert results[_SUMMARY].step("summary").log.startswith("prod-01: success\nprod: 1 of 1 shards")


def test_a_canary_that_fails_stops_the_others(runner: Runner, site: Site, sharded: Origin) -> None:
    (site.folder / "fails").write_text("up prod-02")
    results = _run(runner, sharded)
    assert results[_CANARY].result == "failure"
    assert site.engine_runs("up", "prod-01") == []
    assert "prod-02: failure\nprod-01: not run\nprod-03: not run" in results[_SUMMARY].step("summary").log
    assert results["staging", ""].result == "skipped"


def test_no_shard_runs_after_a_platform_that_failed(runner: Runner, site: Site, sharded: Origin) -> None:
    """It takes away what leaves a tenant, before any shard adds it."""
    (site.folder / "fails").write_text("up prod")
    results = _run(runner, sharded)
    assert {job: result.result for (job, _), result in results.items()} == {
        "prod/deploy": "failure", "prod-shards": "skipped", "staging": "skipped",
    }  # fmt: skip
    assert not [run for run in site.engine_runs("up") if "prod" not in run["arguments"]]


def test_a_shard_of_an_older_commit_is_not_deployed_after_a_newer_platform(
    runner: Runner, site: Site, sharded: Origin
) -> None:
    """By the environment's deployments: its shards have none of their own. The newer one began after this platform."""
    site.deployed("prod", sharded.newest, "in_progress")
    site.stub("newest", 'test "$STACK" = prod || exec /usr/bin/make newest')
    results = _run(runner, dataclasses.replace(sharded, newest=sharded.older))
    assert {job: result.result for job, result in results.items() if job[1] == "prod-02"} == {_CANARY: "failure"}
    refused = results[_CANARY]
    assert refused.done == ["checkout", "newest"]
    assert "is older than" in refused.step("newest").log
    assert "error: prod: commit" in refused.step("newest").log
