"""`.local/state` is the local stack's; whatever else somebody put there is not removed with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.checkout import PROJECT, Checkout
from local.engine.backend import forget_stack, other_stacks, require_no_other_stack
from local.errors import LocalError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """An environment whose own stack has state, a backup, history and a lock."""
    made = Checkout(ROOT, tmp_path / "data", 8008, None)
    for part in ("stacks", "backups", "history", "locks/organization"):
        (made.state / ".pulumi" / part / PROJECT).mkdir(parents=True)
    _store(made, PROJECT, "local")
    for name in ("local.json.bak", "local.json.attrs"):
        (made.stack_file.parent / name).write_text("{}")
    for part in ("backups", "history", "locks/organization"):
        (made.state / ".pulumi" / part / PROJECT / "local").mkdir()
    return made


def _store(checkout: Checkout, project: str, stack: str, resources: int = 2) -> Path:
    content = {"version": 3, "checkpoint": {"latest": {"resources": [{}] * resources}}}
    file = checkout.state / ".pulumi" / "stacks" / project / f"{stack}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
    return file


def test_the_own_stack_alone_may_go(checkout: Checkout) -> None:
    assert other_stacks(checkout) == []
    require_no_other_stack(checkout)


@pytest.mark.parametrize(
    ("project", "stack", "told"),
    [
        (PROJECT, "prod", "prod of project clearml-tenants (2 resources)"),
        (PROJECT, "local-2", "local-2 of project clearml-tenants (2 resources)"),
        ("website", "local", "local of project website (2 resources)"),
    ],
)
def test_anothers_state_is_told_and_nothing_is_removed(checkout: Checkout, project: str, stack: str, told: str) -> None:
    _store(checkout, project, stack)
    with pytest.raises(LocalError) as refusal:
        require_no_other_stack(checkout)
    assert "\n" not in str(refusal.value)
    assert f"holds the state of another stack too: {told}: nothing was removed" in str(refusal.value)


def test_one_that_cannot_be_read_counts_too(checkout: Checkout) -> None:
    _store(checkout, PROJECT, "prod").write_text("{ torn")
    with pytest.raises(LocalError, match="an unreadable state"):
        require_no_other_stack(checkout)


def test_a_lost_cluster_takes_the_own_stack_and_no_other(checkout: Checkout) -> None:
    """What a laptop's stack had in a cluster is gone with it; another stack's state has nothing to do with that."""
    kept = [
        _store(checkout, PROJECT, "prod"),
        _store(checkout, PROJECT, "local-2"),
        _store(checkout, "website", "local"),
    ]
    forget_stack(checkout)
    assert all(file.exists() for file in kept)
    assert not checkout.stack_exists
    left = {path for path in checkout.state.rglob("*") if path.name.startswith("local") and path not in kept}
    assert left == set()


def test_down_refuses_while_another_stack_has_state_there(checkout: Checkout) -> None:
    _store(checkout, PROJECT, "prod")
    checkout.made_here.touch()
    environment = {**os.environ, "LOCAL_DIR": str(checkout.data)}
    command = [sys.executable, "-m", "local", "down"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {checkout.state} holds the state of another stack too: prod")
    assert len(done.stderr.splitlines()) == 1
    assert checkout.stack_exists
