"""Runs of an environment's resources in any order of the engine's requests, each request on its own.

Of each resource the engine asks `check`, then `diff` of one that the state has, then `create` or `update`; what comes
between the requests of one resource is anything of the others.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.clearml.api.errors import ClearMLError
from components.clearml.provider import ClearMLProvider
from components.clearml.run.session import forget_sessions
from settings.models.tenant import Tenant
from tests.api.declarations.environment import Declaration, wired
from tests.api.environment import Environment, Held
from tests.api.runs import connected, connection
from tests.emulator import Emulator

Outcomes = Mapping[str, str]
Order = Sequence[str]
_KINDS = ("departures", "company", "admin")


@dataclass
class Requests:
    """One resource's requests in their order; a step after a failure does nothing, as the engine stops there."""

    environment: Environment
    wanted: Declaration
    outcome: str = ""
    inputs: Any = None

    @property
    def _held(self) -> Held | None:
        return self.environment.state.get(self.wanted.name)

    def steps(self) -> list[Callable[[], None]]:
        return [self._check, *([self._diff] if self._held else []), self._act]

    def _check(self) -> None:
        ids = {name: each.id for name, each in self.environment.state.items()}
        try:
            inputs = self.wanted.inputs(ids)
        except KeyError as missing:
            self.outcome = f"not asked: {missing.args[0]} is not there"
            return
        checked = self._provider().check(self._held.properties if self._held else {}, inputs)
        self.inputs = checked.inputs
        self.outcome = "; ".join(f"{each.property}: {each.reason}" for each in checked.failures)

    def _diff(self) -> None:
        held = self._held
        if not self.outcome and held:
            self._told(lambda: str(self._provider().diff(held.id, held.properties, self.inputs).changes))

    def _act(self) -> None:
        if self.outcome in ("", "True"):
            self._told(self._made)

    def _made(self) -> str:
        held, provider = self._held, self._provider()
        if held:
            held.properties = provider.update(held.id, dict(held.properties), self.inputs).outs or {}
        else:
            made = provider.create(self.inputs)
            self.environment.state[self.wanted.name] = Held(
                self.wanted.name, self.wanted.provider, str(made.id), made.outs or {}
            )
        return "True"

    def _provider(self) -> ClearMLProvider:
        return connected(self.wanted.provider, connection(self.environment.emulator))

    def _told(self, act: Callable[[], str]) -> None:
        try:
            self.outcome = act()
        except ClearMLError as failure:
            self.outcome = f"{type(failure).__name__}: {failure}"


@dataclass
class Case:
    """What is there before, and what is declared then."""

    before: Callable[[Environment], Mapping[str, str]]
    """Makes it; returns the ids of companies by a name for the test."""
    declared: Callable[[Mapping[str, str]], list[Tenant]]
    expected: Mapping[str, str]
    """Of each resource that fails, what its words hold; every other one succeeds."""

    def run(self, emulator: Emulator, order: Callable[[Mapping[str, int]], Order]) -> tuple[Outcomes, Any]:
        emulator.empty()
        environment = Environment(emulator)
        ids = self.before(environment)
        wanted = [each for each in wired(self.declared(ids)) if each.name.rpartition("/")[2] in _KINDS]
        forget_sessions()
        requests = {each.name: Requests(environment, each) for each in wanted}
        steps = {name: each.steps() for name, each in requests.items()}
        for name in order({name: len(each) for name, each in steps.items()}):
            steps[name].pop(0)()
        kept = {
            name: without_ids(json.dumps(environment.state[name].properties), emulator)
            for name in requests
            if name in environment.state
        }
        return {name: without_ids(each.outcome, emulator) for name, each in requests.items()}, (
            kept,
            companies_and_users(emulator),
        )


def without_ids(text: str, emulator: Emulator) -> str:
    """Without ids, which are others in each run."""
    state = emulator.state()
    for each in (*state["companies"], *state["users"]):
        text = text.replace(each["id"], f"<{each['name']}>")
    return text


def companies_and_users(emulator: Emulator) -> list[tuple[str, list[str]]]:
    """Companies with their users."""
    state = emulator.state()
    users = [(each["company"], each["email"]) for each in state["users"]]
    return sorted((each["name"], sorted(mail for of, mail in users if of == each["id"])) for each in state["companies"])


def every_order(lengths: Mapping[str, int]) -> Iterator[Order]:
    """Every way to mix the companies' checks and what follows them, with all of `departures` anywhere between.

    A `diff` comes with its `check` and an admin after its company: `random_order` parts them.
    """
    companies = [name for name in lengths if name.endswith("/company")]
    units = ["departures", *(name for name in companies for _ in ("check", "act"))]
    for mixed in sorted(set(itertools.permutations(units))):
        left, order = dict(lengths), list[str]()
        for name in mixed:
            last = name not in companies or left[name] == 1
            order += [name] * (left[name] if last else left[name] - 1)
            left[name] = 0 if last else 1
            if last and name in companies:
                admin = name.replace("/company", "/admin")
                order += [admin] * lengths[admin]
        yield order


def random_order(seed: int) -> Callable[[Mapping[str, int]], Order]:
    def mix(lengths: Mapping[str, int]) -> Order:
        """The admins' requests too come at any time after their company's last."""
        chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
        left, order = dict(lengths), list[str]()
        while any(left.values()):
            free = [
                name
                for name, count in left.items()
                if count and not (name.endswith("/admin") and left[name.replace("/admin", "/company")])
            ]
            order.append(chance.choice(sorted(free)))
            left[order[-1]] -= 1
        return order

    return mix


def every_order_of(case: Case, server: Emulator) -> Iterable[Callable[[Mapping[str, int]], Order]]:
    found: list[Order] = []

    def first(lengths: Mapping[str, int]) -> Order:
        found.extend(every_order(lengths))
        return found[0]

    case.run(server, first)
    return [lambda _, order=order: order for order in found]  # type: ignore[misc]


def assert_same(case: Case, server: Emulator, orders: Iterable[Callable[[Mapping[str, int]], Order]]) -> None:
    first: tuple[Outcomes, Any] | None = None
    for order in orders:
        taken = list[str]()

        def noted(lengths: Mapping[str, int], order: Any = order, taken: list[str] = taken) -> Order:
            taken.extend(order(lengths))
            return taken

        found = case.run(server, noted)
        first = first or found
        assert found == first, taken
    assert first is not None
    for name, words in case.expected.items():
        assert words in first[0][name]
    failed = {name for name, told in first[0].items() if told not in ("True", "False") and "not asked" not in told}
    assert failed == case.expected.keys()
