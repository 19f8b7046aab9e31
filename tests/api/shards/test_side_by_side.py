"""Real engines of two shards at work at the same time, in one checkout: neither disturbs the other."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import psutil
import pytest

from settings.facts import stack_file_of
from tests.api.shards.checkout import PaperCheckout
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import without_workers


@pytest.fixture
def checkout(tmp_path: Path, engine: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> PaperCheckout:
    """A tenant in each of two shards, nothing deployed."""
    monkeypatch.setenv("JOBS", "2")
    made = PaperCheckout(tmp_path, engine, emulator)
    made.one_stack = made.shard_size = 1
    for shard, names in made.share_out(["acme", "globex"]).items():
        made.put(names[0], without_workers(names[0]), shard)
    return made


def _when(said: list[str], shard: str) -> range:
    """The lines between a shard's first and last, by their numbers."""
    own = [number for number, line in enumerate(said) if line.startswith(f"{STACK}-{shard} |")]
    return range(own[0], own[-1])


def _companies(emulator: Emulator) -> list[str]:
    return sorted(company["name"] for company in emulator.state()["companies"][1:])


def test_two_shards_are_deployed_at_once_and_then_nothing_is_left_to_do(
    checkout: PaperCheckout, emulator: Emulator
) -> None:
    settings = (checkout.project / stack_file_of(STACK)).read_bytes()
    text = checkout.make_up()
    said = text.splitlines()
    first, second = (_when(said, shard) for shard in checkout.shards)
    assert max(first.start, second.start) < min(first.stop, second.stop)
    assert _companies(emulator) == ["Company acme", "Company globex"]
    for shard, line in zip(checkout.shards, said[-3:], strict=False):
        assert re.fullmatch(rf"{STACK}-{shard}: done in \d+ s: 13 created, 1 unchanged", line)
    assert said[-1] == f"{STACK}: 2 of 2 shards are as their files say"
    # No secret is in what they printed, and the file of settings that they share is as it was.
    assert emulator.secret not in text
    assert (checkout.project / stack_file_of(STACK)).read_bytes() == settings
    emulator.clear_calls()
    stacks = (STACK, *(f"{STACK}-{shard}" for shard in checkout.shards))
    again = checkout.make_up().splitlines()
    assert {line.partition(" since ")[0] for line in again[:3]} == {f"{stack}: unchanged" for stack in stacks}
    assert emulator.calls() == []


def test_whoever_ends_it_leaves_no_engine_and_the_next_run_ends_what_it_began(
    checkout: PaperCheckout, emulator: Emulator
) -> None:
    emulator.faults([{"endpoint": "*", "kind": "slow", "times": 10_000, "seconds": 0.5}])
    with checkout.start_up() as process:
        until = time.monotonic() + 120
        while len(_companies(emulator)) < 2 and time.monotonic() < until and process.poll() is None:
            time.sleep(0.1)
        assert process.poll() is None, checkout.told.read_text()
        began = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        process.wait(120)
    said = checkout.told.read_text()
    assert process.returncode == 1, said
    assert f"{STACK}: 0 of 2 shards are as their files say" in said
    assert [each.name() for each in began if each.is_running() and each.status() != psutil.STATUS_ZOMBIE] == []
    emulator.faults([])
    assert f"{STACK}: 2 of 2 shards are as their files say" in checkout.make_up()
    assert _companies(emulator) == ["Company acme", "Company globex"]
