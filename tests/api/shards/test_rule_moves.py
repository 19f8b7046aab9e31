"""Sign-in rules move between tenants of different shards, and back, while one of the runs is left out or fails.

At no moment does a rule lead to two tenants, and in the end it is where the files say, whatever was left out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError

from tests.api.figures.calls import writes
from tests.api.histories.model import in_two
from tests.api.shards.sharded import SHARDS, Sharded
from tests.emulator import Emulator
from tests.tenants import without_workers

_TENANTS = {"01": "acme", "02": "globex"}
_ALL = ("", *SHARDS)


@pytest.fixture
def sharded(tmp_path: Path, engine: Path, emulator: Emulator) -> Sharded:
    """A tenant in each of two shards, nothing deployed."""
    (tmp_path / "program").mkdir()
    return Sharded(tmp_path / "program", engine, emulator)


def _declare(sharded: Sharded, **domains: list[str]) -> None:
    """What each shard's tenant has beside its own; an address is one of its users."""
    for shard, name in _TENANTS.items():
        content = without_workers(name)
        for each in domains.get(f"of_{shard}", []):
            content["signIn"]["users" if "@" in each else "domains"].append(each)
        sharded.put(name, shard, content)


def _held(emulator: Emulator) -> dict[str, list[str]]:
    """By company, what leads to it beside its own."""
    state = emulator.state()
    names = {each["id"]: each["name"].removeprefix("Company ") for each in state["companies"]}
    found: dict[str, list[str]] = {}
    for rule in state["rules"]:
        held = [*(rule["domains"] or ()), *(entry["email"] for entry in rule["whitelist"])]
        found[names[rule["company"]]] = sorted(each for each in held if "moves" in each)
    return found


@contextmanager
def _never_in_two(emulator: Emulator) -> Iterator[None]:
    """Looks at the server all the time."""
    seen, over = list[list[str]](), threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            seen.append(in_two(emulator.state()))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()
    assert seen
    assert [each for each in seen if each] == []


def _complete(sharded: Sharded, emulator: Emulator, **expected: list[str]) -> bool:
    """Every stack is run, then all is where the files say, and nothing is left to write."""
    for part in _ALL:
        sharded.run(part)
    held = {name: sorted(expected.get(f"of_{shard}", [])) for shard, name in _TENANTS.items()}
    assert {name: _held(emulator)[name] for name in held} == held
    emulator.clear_calls()
    for part in _ALL:
        assert set(sharded.run(part)) <= {"same", "read"}
    assert writes(emulator.calls()) == []
    return True


def _fails(sharded: Sharded, part: str) -> bool:
    with pytest.raises(CommandError):
        sharded.run(part)
    return True


def test_rules_go_and_come_back_while_runs_are_left_out(sharded: Sharded, emulator: Emulator) -> None:
    one: dict[str, Any] = {"of_01": ["moves.example"], "of_02": ["moves2.example", "dan@moves3.example"]}
    two: dict[str, Any] = {"of_01": ["moves2.example", "dan@moves3.example"], "of_02": ["moves.example"]}
    _declare(sharded, **one)
    with _never_in_two(emulator):
        assert _complete(sharded, emulator, **one)
        # Swapped, and back before this shard has run, or the other, or either.
        for ran in (["02"], ["01"], []):
            _declare(sharded, **two)
            for part in ("", *ran):
                sharded.run(part)
            _declare(sharded, **one)
            assert _complete(sharded, emulator, **one)
        # The platform dies in its removals: no shard adds anything, there or back.
        emulator.faults([{"endpoint": "login.set_domains", "kind": "refuse", "times": 1000}])
        _declare(sharded, **two)
        assert _fails(sharded, "")
        emulator.faults([])
        assert all(_fails(sharded, shard) for shard in SHARDS)
        _declare(sharded, **one)
        assert _complete(sharded, emulator, **one)
        _declare(sharded, **two)
        assert _complete(sharded, emulator, **two)
