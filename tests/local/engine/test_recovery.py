"""What a run that died leaves in the local backend is put right before the next one."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from local.checkout import STACK, Checkout
from local.engine.checkpoint import repair
from local.engine.locks import release_dead_lock

CHECKPOINT = json.dumps({"version": 3, "checkpoint": {"stack": "local"}})


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path, tmp_path / ".local", 8008, None)
    made.stack_file.parent.mkdir(parents=True)
    return made


@pytest.mark.parametrize("torn", ["", CHECKPOINT[:20]])
def test_a_state_file_cut_short_is_replaced_by_its_backup(checkout: Checkout, torn: str) -> None:
    checkout.stack_file.write_text(torn)
    checkout.stack_file.with_name("local.json.bak").write_text(CHECKPOINT)
    repair(checkout.stack_file)
    assert checkout.stack_file.read_text() == CHECKPOINT


def test_without_a_whole_backup_the_state_starts_anew(checkout: Checkout) -> None:
    checkout.stack_file.write_text("")
    checkout.stack_file.with_name("local.json.bak").write_text("{")
    repair(checkout.stack_file)
    assert not checkout.stack_exists


def test_a_checksum_cut_short_is_dropped(checkout: Checkout) -> None:
    """The engine would say no more than `failed to load checkpoint: EOF`."""
    checkout.stack_file.write_text(CHECKPOINT)
    checksum = checkout.stack_file.with_name("local.json.attrs")
    checksum.write_text("")
    repair(checkout.stack_file)
    assert not checksum.exists()
    assert checkout.stack_exists


def test_a_whole_state_file_is_left_alone(checkout: Checkout) -> None:
    checkout.stack_file.write_text(CHECKPOINT)
    checkout.stack_file.with_name("local.json.bak").write_text("older")
    repair(checkout.stack_file)
    assert checkout.stack_file.read_text() == CHECKPOINT


def _lock(checkout: Checkout, pid: int) -> Path:
    lock = checkout.state / ".pulumi" / "locks" / "organization" / "clearml-tenants" / STACK / "one.json"
    lock.parent.mkdir(parents=True)
    lock.write_text(json.dumps({"pid": pid}))
    return lock


def test_the_lock_of_a_dead_run_is_released(checkout: Checkout) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    lock = _lock(checkout, ended.pid)
    release_dead_lock(checkout, STACK)
    assert not lock.exists()


def test_a_number_that_is_another_programs_now_holds_nothing(checkout: Checkout) -> None:
    lock = _lock(checkout, os.getpid())
    release_dead_lock(checkout, STACK)
    assert not lock.exists()
