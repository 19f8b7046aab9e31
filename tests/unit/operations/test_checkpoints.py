"""A preview puts the state together once; what writes the state does so after each step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from local.checkout import Checkout
from local.engine.run import Engine
from local.errors import LocalError
from operations.checkpoints import SKIP
from operations.deployment.engines import Engines
from operations.deployment.shard_drift import require_no_drift
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.preview import policy_preview
from operations.preview.engine_preview import preview_stack
from tests.unit.asked import project

# It fails, as nobody here looks at what comes of it; but for a preview that a run follows.
_ENGINE = """\
#!/bin/sh
for word in "$@"; do
  case $word in preview|up) echo "$word ${PULUMI_SKIP_CHECKPOINTS-none}" >> CALLED; exit ${FOLLOWED-1};; esac
done
[ "$1" = version ] && echo v3.276.0 || echo '{}'
"""
_PREVIEWS: dict[str, Callable[[Path], object]] = {
    "make preview": lambda root: preview_stack(root, "test", "main", print, diff=False),
    "make policy": lambda root: policy_preview.preview(root, "test"),
    "the preview of a pull request": lambda root: policy_preview.recorded_preview(root, "test", ()),
    "the drift of shards": lambda root: require_no_drift(root, "test", print, 1),
    "make preview of the local stack": lambda root: Engine(_checkout(root)).steps(),
}
_RUNS: dict[str, Callable[[Path], object]] = {
    "make up": lambda root: Engines(print).in_terminal(EngineStack(root, "test"), "all"),
    "make up of the local stack": lambda root: Engine(_checkout(root)).up(),
    "make up of the local stack after its preview": lambda root: _previewed(_checkout(root)).up(),
}


def _checkout(root: Path) -> Checkout:
    data = root.parent / "data"
    (data / "bin").mkdir(parents=True, exist_ok=True)
    (data / "bin" / "pulumi").symlink_to(root.parent / "tools" / "pulumi")
    return Checkout(root, data, 8008, None, "test")


def _previewed(checkout: Checkout) -> Engine:
    engine = Engine(checkout)
    with pytest.raises(LocalError):
        engine.steps()
    return engine


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a shard, and an engine that writes down what it is started with."""
    folder, tools = project(tmp_path / "project"), tmp_path / "tools"
    tools.mkdir()
    for name in ("pulumi", "pulumi-language-python"):
        (tools / name).write_text(_ENGINE.replace("CALLED", str(tmp_path / "called")))
        (tools / name).chmod(0o755)
    (folder / "config" / "Pulumi.test-01.yaml").symlink_to("Pulumi.test.yaml")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.delenv(SKIP, raising=False)
    return folder


def _called(root: Path, run: Callable[[Path], object]) -> str:
    with suppress(OperationError, LocalError):
        run(root)
    return (root.parent / "called").read_text().splitlines()[-1]


@pytest.mark.parametrize("command", _PREVIEWS)
def test_each_of_our_previews_makes_no_state_step_by_step(root: Path, command: str) -> None:
    assert _called(root, _PREVIEWS[command]) == "preview true"


@pytest.mark.parametrize("command", [name for name in _PREVIEWS if "local" not in name])
def test_what_a_persons_shell_has_wins(root: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SKIP, "false")
    assert _called(root, _PREVIEWS[command]) == "preview false"


def test_beside_others_a_run_has_its_preview_in_a_process_of_its_own(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLLOWED", "0")
    Engines(print).beside_others(EngineStack(root, "test"), "all")
    assert (root.parent / "called").read_text().splitlines() == ["preview true", "up none"]
    monkeypatch.setenv("PULUMI_OPTION_SKIP_PREVIEW", "true")
    Engines(print).beside_others(EngineStack(root, "test"), "all")
    assert (root.parent / "called").read_text().splitlines()[2:] == ["up none"]


@pytest.mark.parametrize("command", _RUNS)
def test_none_of_our_runs_is_told_to_write_the_state_at_its_end_only(root: Path, command: str) -> None:
    """Killed, it would have made companies and releases that no state knows of."""
    assert _called(root, _RUNS[command]) == "up none"
