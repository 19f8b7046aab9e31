"""What is measured at one number of tenants; what is found is kept as it goes, so a failure loses only the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from local.progress import step
from tests.api.shards.checkout import PaperCheckout
from tests.bench.api_part import ApiPart
from tests.bench.cluster_checkout import ClusterCheckout
from tests.bench.figures import API_STATE, LARGEST, STATE
from tests.bench.guide import follow_guide
from tests.bench.installation import installation
from tests.bench.load import Load
from tests.emulator import Emulator
from tests.local.helm import CHARTS
from tests.tenants import whole

_CALLS = 10_000_000
# One after the other is linear by its nature: a thousand would take eight minutes to say so.
LONGEST_ONE_AT_A_TIME = 100
# A tenant of the guide's takes eight seconds there, and the cluster is on the same cores.
MOST_IN_A_CLUSTER = 10
_Kind = TypeVar("_Kind", bound=PaperCheckout)


@dataclass
class Measures:
    """`found` is by what was done or counted; `latency` in seconds, `shard_size` is the most tenants of a shard."""

    tenants: int
    latency: float
    shard_size: int
    keep: Callable[[], None] = lambda: None
    """Called as soon as anything is found."""
    found: dict[str, float] = field(default_factory=dict)

    def by_guide(self) -> None:
        """The guide's calls, by curl."""
        for name, together in (("guide, one at a time", 1), ("guide, four at a time", 4)):
            if together > 1 or self.tenants <= LONGEST_ONE_AT_A_TIME:
                with self._installation(PaperCheckout) as (_, emulator):
                    self._timed(name, emulator, partial(follow_guide, emulator, self._names, together, os.environ))

    def by_api_part(self) -> None:
        """The same calls by the engine, with nothing in a cluster."""
        with self._installation(ApiPart) as (checkout, emulator):
            # A quarter of a tenant's resources: there is room for the most that a stack may have.
            checkout.shard_size = checkout.one_stack
            checkout.write_program(checkout.share_out([f"Company{number}" for number in range(self.tenants)]))
            checkout.make_stacks()
            stacks = checkout.stacks[1:] or checkout.stacks
            emulator.clear_calls()
            self._timed("create, API part", emulator, lambda: checkout.pulumi("up", stacks=stacks))
            made = sum(each["name"].startswith("Company") for each in emulator.state()["companies"])
            assert made == self.tenants, f"{made} of {self.tenants} companies"
            self.found[API_STATE] = checkout.state_bytes(stacks) / 1e3 / self.tenants
            self._timed("no-op up, API part", emulator, lambda: checkout.pulumi("up", stacks=stacks))

    def by_program(self) -> None:
        """The whole program, by the commands that people type."""
        with self._installation(PaperCheckout) as (checkout, emulator):
            for shard, names in checkout.share_out(self._names).items():
                for name in names:
                    checkout.put(name, whole(name), shard)
            checkout.make_stacks()
            self._timed("preview of creation", emulator, lambda: checkout.pulumi("preview"))
            emulator.clear_calls()
            create = self._timed("create", emulator, checkout.make_up)
            self.found["CPU seconds of create"] = create.cpu
            self.found["calls of create"] = len(emulator.calls())
            self.found[STATE] = checkout.state_bytes() / 1e3 / self.tenants
            emulator.clear_calls()
            self._timed("unchanged", emulator, checkout.make_up)
            self.found["calls of unchanged"] = len(emulator.calls())
            self._timed("no-op preview", emulator, lambda: checkout.pulumi("preview"))
            self._timed("no-op up of all", emulator, lambda: checkout.make_up(everything=True))
            edited = whole("t0")
            edited["signIn"]["users"] = ["dan@t0.partner.example"]
            checkout.put("t0", edited, checkout.shards[0] if checkout.shards else "")
            emulator.clear_calls()
            self._timed("one e-mail changed", emulator, checkout.make_up)
            self.found["calls of one e-mail changed"] = len(emulator.calls())
            # Last, as it writes the state: the next run would look at all for that.
            self._timed("refresh", emulator, lambda: checkout.pulumi("refresh"))

    def by_cluster(self) -> None:
        """The whole program and the guide's whole procedure, each where a server and a first tenant run already."""
        if self.tenants > MOST_IN_A_CLUSTER:
            return
        self._in_cluster("create, in a cluster", self._create)
        for many, together in (("one", 1), ("four", 4)):
            self._in_cluster(f"guide by curl and helm, {many} at a time", partial(self._whole_guide, together))

    def _in_cluster(self, name: str, run: Callable[[ClusterCheckout, Emulator], object]) -> None:
        """Each in one of its own, so that none finds more there than the others; all workers have to be ready then."""
        with self._installation(ClusterCheckout) as (checkout, emulator), checkout.running():
            self._timed(name, emulator, lambda: run(checkout, emulator))
            missing = {f"{each}-{use}" for each in self._names for use in ("agent", "gateway")} - checkout.deployed()
            if missing:
                # Half the work is no measurement.
                del self.found[name]
            assert not missing, f"not deployed: {sorted(missing)}"

    def _create(self, checkout: ClusterCheckout, _: Emulator) -> None:
        for name in self._names:
            checkout.put(name, whole(name), "")
        checkout.make_up()

    def _whole_guide(self, together: int, checkout: ClusterCheckout, emulator: Emulator) -> None:
        follow_guide(emulator, self._names, together, checkout.shell, CHARTS)

    @property
    def _names(self) -> list[str]:
        return [f"t{number}" for number in range(self.tenants)]

    def _timed(self, name: str, emulator: Emulator, run: Callable[[], object]) -> Load:
        with step("growth", f"{self.tenants} tenants: {name}"), Load(aside=emulator.process) as load:
            run()
        self.found[name] = load.seconds
        self.found[LARGEST] = max(self.found.get(LARGEST, 0), load.peak / 1e6)
        self.keep()
        return load

    @contextmanager
    def _installation(self, kind: type[_Kind]) -> Iterator[tuple[_Kind, Emulator]]:
        with installation(kind) as (checkout, emulator):
            checkout.shard_size = self.shard_size
            emulator.faults([{"endpoint": "*", "kind": "slow", "times": _CALLS, "seconds": self.latency}])
            yield checkout, emulator
