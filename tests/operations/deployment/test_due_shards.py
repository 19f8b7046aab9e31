"""What the deploy workflow asks of an environment with shards, before its platform's run and after it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from operations.__main__ import main
from operations.deployment import environment
from operations.deployment.due_shards import DueShards
from operations.errors import OperationError
from operations.github import workflow
from operations.shards.parts import short
from settings.loading.load import Environment
from tests.operations.deployment.paper_shards import ENGINE, put, runs, sharded_project, tools


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """See `sharded_project`."""
    root = sharded_project(tmp_path, monkeypatch)
    monkeypatch.setenv("STACK", ENGINE)
    return root


def _due(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    """Shards with a canary, and the others."""
    capsys.readouterr()
    assert main(["--root", str(root), "due"]) == 0
    told = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines() if "=[" in line)
    return json.loads(told["canaries"]), json.loads(told["shards"])


def _edit(root: Path, shard: str) -> None:
    path = root / "config" / "tenants" / "test" / shard / f"tenant-{shard}.yaml"
    path.write_text(f"{path.read_text()}# edited\n")


def test_shards_that_have_something_to_do_are_listed_and_a_canarys_apart(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--root", str(root), "up", "--stack", ENGINE]) == 0
    assert _due(root, capsys) == ([], [])
    _edit(root, "02")
    assert _due(root, capsys) == ([], [f"{ENGINE}-02"])
    # A canary's shard waits for nobody, and nobody for it where it has nothing to do.
    monkeypatch.setenv("RING", "acme tenant-01")
    assert _due(root, capsys) == ([], [f"{ENGINE}-02"])
    # Whoever runs the job again wants all of it.
    monkeypatch.setenv("GITHUB_RUN_ATTEMPT", "2")
    assert _due(root, capsys) == ([f"{ENGINE}-01"], [f"{ENGINE}-02"])


def test_a_shard_whose_state_cannot_be_read_is_listed_and_hides_no_other(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(root), "up", "--stack", ENGINE]) == 0
    put(root, "01", "readable", "0")
    _edit(root, "02")
    assert _due(root, capsys) == ([], [f"{ENGINE}-01", f"{ENGINE}-02"])


@pytest.mark.parametrize(("others", "told"), [(255, ""), (256, "257 shards have anything to do, and GitHub makes")])
def test_more_shards_than_a_matrix_has_room_for_are_refused_in_a_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], others: int, told: str
) -> None:
    """GitHub would make no job of any, and say that the matrix is too large."""
    many = DueShards(("test-001",), tuple(f"test-{number + 2:03}" for number in range(others)))
    monkeypatch.setattr(workflow, "due_shards", lambda *_, **__: many)
    assert main(["--root", str(root), "due"]) == int(bool(told))
    out, err = capsys.readouterr()
    assert told in err
    assert ("shards=[" in out) is not bool(told)


@pytest.mark.parametrize("shard", ["", "-01"])
def test_a_shards_own_job_and_one_without_shards_have_none_to_list(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shard: str
) -> None:
    if shard:
        monkeypatch.setenv("STACK", f"{ENGINE}{shard}")
    else:
        for number in ("01", "02"):
            (root / "config" / f"Pulumi.test-{number}.yaml").unlink()
    assert _due(root, capsys) == ([], [])


def test_before_the_platforms_run_each_shard_has_a_stack(root: Path) -> None:
    """The platform's program reads their states."""
    assert main(["--root", str(root), "inputs"]) == 0
    made = [line for line in (tools(root) / "runs").read_text().splitlines() if line.startswith("stack init ")]
    assert [line.split()[2] for line in made] == [f"{ENGINE}-01", f"{ENGINE}-02"]
    assert runs(root) == []


def test_before_the_platforms_run_each_tenant_is_where_its_file_says(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    urn = "urn:pulumi:test::clearml-tenants::clearml:tenant:Tenant::tenant-01"
    state = {"deployment": {"resources": [{"urn": urn, "type": "clearml:tenant:Tenant"}]}}
    (tools(root) / "state").write_text(json.dumps(state))
    assert main(["--root", str(root), "inputs"]) == 1
    assert "tenant tenant-01 is in the state of test, and config/tenants/test/01/" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("healed: release acme/acme-agent was pending-install by a run that died: uninstalled", [f"{ENGINE}-01"]),
        ("not there: release acme/acme-agent, which the state has", [f"{ENGINE}-01"]),
        ("release acme/other is somebody else's", []),
    ],
)
def test_what_was_healed_is_run_next_whatever_is_recorded(
    root: Path, monkeypatch: pytest.MonkeyPatch, line: str, expected: list[str]
) -> None:
    """It is not as its files say; also where a cluster that cannot be asked ends the healing with an error."""
    assert main(["--root", str(root), "up", "--stack", ENGINE]) == 0
    runs(root)

    def heal(_root: Path, stack: str, show: Callable[[str], None], own: Environment, **_: bool) -> list[str]:
        assert own.part.stack == short(stack)
        show(line)
        raise OperationError("1 of 2 clusters not healed")

    monkeypatch.setattr(environment, "heal_stack", heal)
    assert main(["--root", str(root), "heal", "--stack", f"{ENGINE}-01"]) == 1
    assert main(["--root", str(root), "up", "--stack", ENGINE]) == 0
    assert runs(root) == expected


@pytest.mark.parametrize(
    ("options", "healed"), [((), [ENGINE, f"{ENGINE}-01", f"{ENGINE}-02"]), (("--alone",), [ENGINE])]
)
def test_one_stack_of_an_environment_is_healed_alone_where_it_is_asked_for(
    root: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], healed: list[str]
) -> None:
    """As the workflow does: each shard has a job of its own, and another one may be at work in it."""
    found: list[str] = []

    def heal(_root: Path, stack: str, *_: object, **__: bool) -> list[str]:
        found.append(stack)
        return []

    monkeypatch.setattr(environment, "heal_stack", heal)
    assert main(["--root", str(root), "heal", "--stack", ENGINE, *options]) == 0
    assert found == healed
