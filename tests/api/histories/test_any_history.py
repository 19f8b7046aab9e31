"""Any history of edits, hands in the web interface, faults and killed runs ends as declared, by a plain `up`.

They are the same in each run: HISTORIES of them, from SEED on. `make nightly` plays a thousand, other ones each night.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from components.clearml.api.client import Client
from components.clearml.run.session import forget_sessions
from tests.api.declarations.environment import STACK
from tests.api.faulty import ENDPOINTS, KINDS, attempt, fault
from tests.api.histories.edits import Edits, Rules, rules, slots
from tests.api.histories.model import held, in_two
from tests.api.kill import Killed
from tests.emulator import Emulator

HISTORIES = int(os.environ.get("HISTORIES") or 60)
SEED = int(os.environ.get("SEED") or 0)
ROUND = 10
STEPS = 15
_OF_ACCOUNTS = ("auth.create_service_user", "users.get_service_users", "auth.edit_user", "auth.delete_user")
_ENDPOINTS = (*ENDPOINTS, *_OF_ACCOUNTS)


class History(Edits):
    """Edits, and runs of the program that check what they leave."""

    @rule(backwards=st.booleans())
    def up(self, backwards: bool) -> None:
        """After what was done by hand, the operator refreshes first."""
        self._refresh()
        self._up(backwards)
        self._is_exact()

    @rule(
        endpoint=st.sampled_from(_ENDPOINTS),
        kind=st.sampled_from(KINDS),
        times=st.sampled_from([1, 3, 9]),
        skipped=st.integers(0, 6),
    )
    def up_with_faults(self, endpoint: str, kind: str, times: int, skipped: int) -> None:
        """Succeeds, or fails in one line; a plain second run then converges."""
        self._refresh()
        self._fault(endpoint, kind, times, skipped)
        self._up()
        self._is_exact()

    @rule(
        endpoint=st.sampled_from(_ENDPOINTS),
        kind=st.sampled_from(KINDS),
        skipped=st.integers(0, 6),
        failing=rules,
        after=st.one_of(st.none(), rules),
    )
    def edited_after_faults(self, endpoint: str, kind: str, skipped: int, failing: Rules, after: Rules | None) -> None:
        """The files are taken back, or changed on, before anything runs again; the deploy workflow refreshes first."""
        if any(company.foreign_domains for company in self.model.companies.values()):
            # Whether the run that failed came so far as to overwrite them is open.
            return
        self._refresh()
        before = self.model.routes, self.model.entries
        self.reassign(*failing)
        self._fault(endpoint, kind, 9, skipped)
        if after is None:
            self.model.routes, self.model.entries = before
        else:
            self.reassign(*after)
        self.environment.refresh()
        self._up()
        self._is_exact()

    @rule(calls=st.integers(1, 12), lost=st.booleans())
    def killed_up(self, calls: int, lost: bool) -> None:
        """Killed after so many calls, whose last answer nobody saw; the state file may be the one of before."""
        self._refresh()
        before = self.environment.saved()
        with suppress(Killed):
            self._up(kill_after=calls)
        if lost:
            self.environment = before
        self._up()
        self._is_exact()

    @rule(
        slot=slots,
        use=st.sampled_from(["agent", "gateway"]),
        calls=st.integers(1, 12),
        lost=st.booleans(),
        withdrawn=st.booleans(),
    )
    def rotation_taken_back(self, slot: int, use: str, calls: int, lost: bool, withdrawn: bool) -> None:
        """Killed like any run; then the file says the generation before, or no worker, and the operator refreshes."""
        file = self.model.files[slot]
        known = self.environment.keys()
        if not file.there or f"{STACK}/{file.name}/{use}/{file.generations[use]}" not in known or not file.workers:
            return
        self._refresh()
        before = self.environment.saved()
        file.generations[use] += 1
        with suppress(Killed):
            self._up(kill_after=calls)
        file.generations[use] -= 1
        # What a state that was lost does not know of, and no file declares any more, is found when the tenant goes.
        file.workers = lost or not withdrawn
        if lost:
            self.environment = before
        # With the state of before, even the key in it may be gone: what is beside it shows once it is made again.
        for _ in range(1 + lost):
            self.environment.refresh()
            self._up()
        self._is_exact()

    def _fault(self, endpoint: str, kind: str, times: int, skipped: int) -> None:
        """A run some of whose calls go wrong after so many that do not."""
        waits: dict[str, Any] = {"endpoint": "*", "kind": "slow", "times": skipped, "seconds": 0.0}
        self.emulator.faults([waits, fault(endpoint, kind, times)])
        attempt(self._up)
        self.emulator.faults([])

    def _refresh(self) -> None:
        if self.drifted:
            self.environment.refresh()
        self.drifted = False

    def _up(self, backwards: bool = False, kill_after: int = 0) -> None:
        declared = self.model.declared()
        with _watched(self.emulator, kill_after):
            self.environment.up(declared[::-1] if backwards else declared)

    def _is_exact(self) -> None:
        """Just what is declared and what others did; every key is one we know; nothing is left to do."""
        self.model.apply()
        names = {each.company for each in self.model.applied.values()}
        state = self.emulator.state()
        assert held(state, names) == self.model.wanted()
        ours = {each["label"]: each["access_key"] for each in state["credentials"] if each["label"]}
        assert {label: key for label, key in ours.items() if "/" in label} == self.environment.keys()
        self.emulator.clear_calls()
        assert self.environment.up(self.model.declared()) == []
        assert self.emulator.calls() == []

    def teardown(self) -> None:
        self.emulator.faults([])
        forget_sessions()


@contextmanager
def _watched(emulator: Emulator, kill_after: int) -> Iterator[None]:
    """After each change of rules nothing is in two tenants; after so many calls the process is gone."""
    whole, done = Client._once, itertools.count(1)

    def once(self: Client, endpoint: str, *rest: Any) -> Any:
        try:
            return whole(self, endpoint, *rest)
        finally:
            if endpoint in ("login.set_domains", "login.add_whitelist_entries"):
                assert in_two(emulator.state()) == []
            if next(done) == kill_after:
                raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "_once", once)
        yield


@pytest.mark.timeout(4 * 3600)
def test_any_history_ends_as_declared(emulator: Emulator) -> None:
    """In rounds, each with a seed of its own: the one that is printed last plays a failure again, with HISTORIES=10."""
    profile = settings(
        max_examples=ROUND,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    History.emulator = emulator
    for number in range(-(-HISTORIES // ROUND)):
        print(f"SEED={SEED + number}", flush=True)
        run_state_machine_as_test(seed(SEED + number)(History), settings=profile)
