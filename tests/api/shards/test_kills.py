"""Bulk runs over shards, killed at random moments: engines, programs, plugins and the command, all at once.

What comes of it at the end is what an undisturbed run makes: nothing twice, nothing that belongs to nobody. The moments
are the same in each run of the tests, from SEED on; `make nightly` kills ten runs of a thousand tenants, each night at
other moments.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from subprocess import Popen
from typing import Any

import psutil
import pytest

from tests.api.figures.bounds import READS_PER_TENANT, WRITES_OF_A_TENANT
from tests.api.figures.calls import writes
from tests.api.histories.model import in_two
from tests.api.shards.checkout import PaperCheckout
from tests.emulator import Emulator
from tests.tenants import without_workers

MANY = int(os.environ.get("MANY") or 6)
SEED = int(os.environ.get("SEED") or 0)
_KILLS = 3 if MANY < 100 else 10
_SHARD_SIZE = 3 if MANY < 100 else 30
_LONGEST_WAIT = 0.5
_LOOKS = 0.2


@pytest.fixture
def checkout(tmp_path: Path, engine: Path, emulator: Emulator) -> PaperCheckout:
    """Tenants in shards, each with one worker and so with one key; nothing is deployed."""
    (tmp_path / "program").mkdir()
    made = PaperCheckout(tmp_path / "program", engine, emulator)
    made.one_stack = made.shard_size = _SHARD_SIZE
    for shard, names in made.share_out([f"t{number}" for number in range(MANY)]).items():
        for name in names:
            made.put(name, {**without_workers(name), "agent": {"queues": {"default": {}}}}, shard)
    return made


@pytest.mark.timeout(4 * 3600)
def test_killed_bulk_runs_leave_nothing_twice(checkout: PaperCheckout, emulator: Emulator) -> None:
    print(f"SEED={SEED} MANY={MANY}")
    random, killed = Random(SEED), 0  # noqa: S311 - moments, no secrets
    for _ in range(_KILLS):
        emulator.clear_calls()
        with checkout.start_up() as run:
            if _killed_at(random, checkout, run, emulator):
                killed += 1
            else:
                assert run.wait() == 0, checkout.told.read_text()[-3000:]
        checkout.cancel()
    assert killed, "every run ended before the moment at which it was to be killed"
    checkout.make_up()
    state = emulator.state()
    assert _faults(state) == []
    emulator.clear_calls()
    checkout.make_up(everything=True)
    assert writes(emulator.calls()) == []
    assert emulator.state()["companies"] == state["companies"]


def _held(*tenants: str) -> dict[str, Any]:
    """What a server holds of a company for each of the names, and of its own."""
    names = ["default", *(f"Company {name}" for name in tenants)]
    ids = [str(number) for number in range(len(names))]
    return {
        "companies": [{"id": id_, "name": name} for id_, name in zip(ids, names, strict=True)],
        "users": [{"id": f"u{id_}", "company": id_} for id_ in ids[1:]],
        "credentials": [{"user": f"u{id_}", "company": id_, "label": f"key-{id_}"} for id_ in ids[1:]],
        "rules": [{"company": id_, "domains": [f"d{id_}"], "whitelist": []} for id_ in ids],
    }


def test_what_is_there_twice_is_seen() -> None:
    names = [f"t{number}" for number in range(MANY)]
    assert _faults(_held(*names)) == []
    assert "Company t1: 2 of kind company" in _faults(_held(*names, "t1"))
    assert "Company t0: 0 of kind admin" in _faults(_held(*names[1:]))
    state = _held(*names)
    # The server's own key is no tenant's.
    state["credentials"].append({"user": "u1", "company": "0", "label": "apiserver"})
    assert _faults(state) == []
    state["credentials"].append({"user": "gone", "company": "1", "label": "of-nobody"})
    state["rules"][2]["domains"] = state["rules"][1]["domains"]
    assert _faults(state) == ["Company t0: 2 of kind live key", "key of-nobody of a user who is not there", "d1"]


def _killed_at(random: Random, checkout: PaperCheckout, run: Popen[str], emulator: Emulator) -> bool:
    """Whether it was killed, after so many calls and a moment more; each time about the same share of all is done."""
    calls = random.randrange(2 * MANY * (len(WRITES_OF_A_TENANT) + READS_PER_TENANT) // _KILLS)
    moment = random.uniform(0, _LONGEST_WAIT)
    while run.poll() is None and len(emulator.calls()) < calls:
        time.sleep(_LOOKS)
    time.sleep(moment)
    if run.poll() is not None:
        return False
    print(f"killed {moment:.1f} s after call {calls}")
    # Nobody of them may begin anything while others are looked for: a child that comes meanwhile is in the next look.
    while found := list(_processes(checkout)):
        for process in found:
            process.kill()
        psutil.wait_procs(found, 10)
    return True


def _processes(checkout: PaperCheckout) -> Iterator[psutil.Process]:
    """All that live of the command's run, by the home that it gives them."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("PULUMI_HOME") == checkout.variables["PULUMI_HOME"]:
                yield process
        except psutil.Error:
            continue


def _faults(state: dict[str, Any]) -> list[str]:
    """A line for each thing of which there is more, or less, than the files declare."""
    own, companies = state["companies"][0]["id"], {each["id"]: each["name"] for each in state["companies"][1:]}
    users = {each["id"]: each["company"] for each in state["users"]}
    counted = {
        "company": Counter(companies.values()),
        "admin": Counter(companies[each] for each in users.values() if each in companies),
        "live key": Counter(
            companies.get(each["company"], "nobody") for each in state["credentials"] if each["company"] != own
        ),
    }
    wanted = {f"Company t{number}": 1 for number in range(MANY)}
    wrong = [
        f"{name}: {counts[name]} of kind {kind}"
        for kind, counts in counted.items()
        for name in sorted(counts.keys() | wanted.keys())
        if counts[name] != wanted.get(name, 0)
    ]
    lost = [each["label"] for each in state["credentials"] if each["user"] not in users]
    return wrong + [f"key {label} of a user who is not there" for label in lost] + in_two(state)
