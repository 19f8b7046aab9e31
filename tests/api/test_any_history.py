"""Any history of edits, hands in the web interface, faults and killed runs ends as declared, by a plain `up`.

As many histories as fit into two minutes; `make nightly` plays a thousand (HISTORIES says how many).
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from components.clearml.client import Client
from components.clearml.session import forget_sessions
from tests.api.environment import STACK, Environment
from tests.api.faulty import ENDPOINTS, KINDS, attempt, fault
from tests.api.model import DOMAINS, EMAILS, FEATURES, SLOTS, File, Model, held, in_two
from tests.emulator import Emulator

HISTORIES = int(os.environ.get("HISTORIES") or 0)
SECONDS = 100
ROUND = 10
STEPS = 15

slots = st.sampled_from(SLOTS)
emails = st.sampled_from(EMAILS)
places = st.tuples(slots, st.sampled_from(["admin", "user"]))
feature_sets = st.frozensets(st.sampled_from(FEATURES))


class _Killed(BaseException):
    """The process is gone."""


class History(RuleBasedStateMachine):
    """Every rule is something that happens; those that run the program check what it leaves."""

    emulator: Emulator

    def __init__(self) -> None:
        super().__init__()
        self.emulator.empty()
        self.model = Model()
        self.environment = Environment(self.emulator)
        self.drifted = False
        self.numbers = itertools.count(1)

    # -- edits ---------------------------------------------------------------------------------------------------

    @rule(slot=slots)
    def remove_or_add(self, slot: int) -> None:
        if self.model.files[slot].there:
            self.model.remove(slot)
        else:
            self.model.add(slot)

    @rule(routes=st.dictionaries(st.sampled_from(DOMAINS), slots), entries=st.dictionaries(emails, places))
    def reassign(self, routes: dict[str, int], entries: dict[str, tuple[int, str]]) -> None:
        """Domains and e-mails are added, removed, moved, all at once."""
        there = {slot for slot, file in self.model.files.items() if file.there}
        self.model.routes = {domain: slot for domain, slot in routes.items() if slot in there}
        self.model.entries = {email: place for email, place in entries.items() if place[0] in there}

    @rule(one=slots, other=slots)
    def swap(self, one: int, other: int) -> None:
        """Two tenants change places in every rule."""
        if self.model.files[one].there and self.model.files[other].there:
            places = {one: other, other: one}
            self.model.routes = {name: places.get(slot, slot) for name, slot in self.model.routes.items()}
            self.model.entries = {
                name: (places.get(slot, slot), role) for name, (slot, role) in self.model.entries.items()
            }

    @rule(slot=slots, what=st.sampled_from(["company", "admin", "file", "agent", "gateway", "workers"]))
    def edit(self, slot: int, what: str) -> None:
        file = self.model.files[slot]
        if not file.there:
            return
        match what:
            case "company" | "file" if self._is_renamed(file):
                # Both at once and nothing but the admin's address tells whose file it is: that is refused.
                return
            case "company":
                file.company = f"Company {slot} named {next(self.numbers)}"
            case "admin":
                file.admin = f"Admin {next(self.numbers)}"
            case "file":
                file.renamed = not file.renamed
            case "workers":
                file.workers = not file.workers
            case use:
                file.generations[use] += 1

    def _is_renamed(self, file: File) -> bool:
        """Whether the file or the company is called otherwise than the last run left it."""
        company = self.model.companies.get(file.slot)
        return company is not None and (company.name != file.company or file.name not in self.model.applied)

    @rule(slot=slots, granted=feature_sets, excluded=feature_sets, limit=st.integers(5, 9))
    def features(self, slot: int, granted: frozenset[str], excluded: frozenset[str], limit: int) -> None:
        file = self.model.files[slot]
        if file.there:
            file.granted, file.excluded, file.limit = granted - excluded, excluded, limit

    # -- by hand -------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.applied)
    @rule(slot=slots, what=st.sampled_from(["domains", "entries", "guest", "revoke", "key", "features", "name"]))
    def by_hand(self, slot: int, what: str) -> None:
        """An admin of the tenant in the web interface, or somebody with the API."""
        file = self.model.files[slot]
        admin = self.environment.state.get(f"{file.name}/admin")
        if admin is None or file.name not in self.model.applied:
            return
        self.drifted = True
        self._by_hand(file, admin.id, what)

    def _by_hand(self, file: File, admin: str, what: str) -> None:
        act, be = {"X-Clearml-Act-As": admin}, {"X-Clearml-Impersonate-As": admin}
        company, call, n = self.model.companies[file.slot], self.emulator.data_of, next(self.numbers)
        applied = self.model.applied[file.name]
        match what:
            case "domains" if applied.sign_in.domains:
                company.foreign_domains = {f"hand{n}.example"}
                call("login.set_domains", {"domains": [f"hand{n}.example"]}, headers=act)
            case "entries":
                gone = [*applied.sign_in.admins, *applied.sign_in.users]
                call("login.remove_whitelist_entries", {"emails": gone}, headers=act)
            case "guest":
                company.guests[f"guest{n}@elsewhere.example"] = "user"
                call("login.add_whitelist_entries", {"emails": [f"guest{n}@elsewhere.example"]}, headers=act)
            case "revoke":
                live = {each["access_key"] for each in self.emulator.state()["credentials"]}
                for label, key in self.environment.keys().items():
                    if label.split("/")[1] == file.name and key in live:
                        call("auth.revoke_credentials", {"access_key": key}, headers=be)
            case "key":
                company.foreign_keys.add(f"by hand {n}")
                call("auth.create_credentials", {"label": f"by hand {n}"}, headers=be)
            case "features" if applied.features:
                company.features = ["reports"]
                settings = {"company": self.environment.state[f"{file.name}/company"].id, "features": ["reports"]}
                call("system.update_company_settings", settings)
            case "name":
                call("users.update", {"user": admin, "name": f"Mallory {n}"}, headers=be)

    # -- runs ----------------------------------------------------------------------------------------------------

    @rule(backwards=st.booleans())
    def up(self, backwards: bool) -> None:
        """After what was done by hand, the operator refreshes first."""
        self._refresh()
        self._up(backwards)
        self._is_exact()

    @rule(
        endpoint=st.sampled_from(ENDPOINTS),
        kind=st.sampled_from(KINDS),
        times=st.sampled_from([1, 3, 9]),
        skipped=st.integers(0, 6),
    )
    def up_with_faults(self, endpoint: str, kind: str, times: int, skipped: int) -> None:
        """Succeeds, or fails in one line; a plain second run then converges."""
        self._refresh()
        waits: dict[str, Any] = {"endpoint": "*", "kind": "slow", "times": skipped, "seconds": 0.0}
        self.emulator.faults([waits, fault(endpoint, kind, times)])
        attempt(self._up)
        self.emulator.faults([])
        self._up()
        self._is_exact()

    @rule(calls=st.integers(1, 12), lost=st.booleans())
    def killed_up(self, calls: int, lost: bool) -> None:
        """Killed after so many calls, whose last answer nobody saw; the state file may be the one of before."""
        self._refresh()
        before = self.environment.saved()
        with suppress(_Killed):
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
        with suppress(_Killed):
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
                raise _Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "_once", once)
        yield


def test_any_history_ends_as_declared(emulator: Emulator) -> None:
    """In rounds, because how many of them fit into the time is not known before."""
    History.emulator = emulator
    profile = settings(
        max_examples=ROUND,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    started, played = time.monotonic(), 0
    while played < HISTORIES if HISTORIES else time.monotonic() - started < SECONDS:
        run_state_machine_as_test(History, settings=profile)
        played += ROUND
        print(f"{played} histories in {time.monotonic() - started:.0f} s", flush=True)
