"""An environment of several tenants, run as the engine runs it but in this process: quick enough for thousands."""

from __future__ import annotations

import copy
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pulumi.dynamic import DiffResult
from pulumi.runtime import rpc

from components.clearml.credentials.resource import CredentialsProvider
from components.clearml.provider import ClearMLProvider
from components.clearml.run.session import forget_sessions
from settings.models.tenant import Tenant
from tests.api.declarations.environment import Declaration, Inputs, surplus_of, wired
from tests.api.runs import connected, connection
from tests.emulator import Emulator


@dataclass
class Held:
    """A resource in the state."""

    name: str
    provider: type[ClearMLProvider]
    id: str
    properties: dict[str, Any]


@dataclass
class Environment:
    """What runs left in the state; `replaced` are resources whose successor is made, still to be deleted."""

    emulator: Emulator
    state: dict[str, Held] = field(default_factory=dict)
    replaced: list[Held] = field(default_factory=list)

    def up(self, tenants: list[Tenant]) -> list[str]:
        """Create and change in this order, then delete what is declared no more; in a new process.

        Returns what was touched. Raises what a resource raises, and then has done what it had done by then.
        """
        forget_sessions()
        wanted = list(wired(tenants))
        touched = [each.name for each in wanted if self._bring(each)]
        # After the workers, which are not here.
        surplus = [
            surplus_of(each.name, self.state[each.name].properties) for each in wanted if self._has_surplus(each)
        ]
        touched += [each.name for each in surplus if self._bring(each)]
        return touched + self._delete({each.name for each in (*wanted, *surplus)})

    def preview(self, tenants: list[Tenant]) -> None:
        """What the engine asks of each before anything is done, in a new process. Raises what is told then."""
        forget_sessions()
        for wanted in wired(tenants):
            held = self.state.get(wanted.name)
            ids = defaultdict(lambda: rpc.UNKNOWN, {name: each.id for name, each in self.state.items()})
            self._checked(wanted, held, wanted.inputs(ids))

    def refresh(self) -> None:
        """Read everything, in a new process."""
        forget_sessions()
        for held in list(self.state.values()):
            found = self._connected(held.provider).read(held.id, dict(held.properties))
            if found.id:
                held.properties = found.outs or {}
            else:
                del self.state[held.name]

    def saved(self) -> Environment:
        """A copy, as a state file is one."""
        return Environment(self.emulator, copy.deepcopy(self.state), copy.deepcopy(self.replaced))

    def keys(self) -> dict[str, str]:
        """The keys of the state, by label."""
        held = [each for each in self.state.values() if each.provider is CredentialsProvider]
        return {each.properties["label"]: each.id for each in held}

    def _has_surplus(self, wanted: Declaration) -> bool:
        return wanted.provider is CredentialsProvider and "surplus" in self.state[wanted.name].properties

    def _bring(self, wanted: Declaration) -> bool:
        provider, held = self._connected(wanted.provider), self.state.get(wanted.name)
        known = {name: each.id for name, each in self.state.items()}
        left = self.state["departures"].properties.get("left") if "departures" in self.state else None
        inputs, difference = self._checked(wanted, held, wanted.inputs({**known, "left": left}))
        if held is None or difference is None:
            self._create(wanted, provider, inputs)
            return True
        if difference.replaces:
            self._create(wanted, provider, inputs)
            self.replaced.append(held)
        elif difference.changes:
            held.properties = provider.update(held.id, dict(held.properties), inputs).outs or {}
        return bool(difference.changes)

    def _checked(self, wanted: Declaration, held: Held | None, inputs: Inputs) -> tuple[Inputs, DiffResult | None]:
        """The inputs as they are kept, and how they differ from the state; None if it has nothing of it."""
        provider = self._connected(wanted.provider)
        checked = provider.check(held.properties if held else {}, inputs)
        assert not checked.failures, checked.failures[0].reason
        return checked.inputs, provider.diff(held.id, held.properties, checked.inputs) if held else None

    def _create(self, wanted: Declaration, provider: ClearMLProvider, inputs: Inputs) -> None:
        made = provider.create(inputs)
        self.state[wanted.name] = Held(wanted.name, wanted.provider, str(made.id), made.outs or {})

    def _delete(self, wanted: set[str]) -> list[str]:
        """Last made, first deleted."""
        gone = [held for held in reversed(self.state.values()) if held.name not in wanted]
        for held in [*reversed(self.replaced), *gone]:
            self._connected(held.provider).delete(held.id, dict(held.properties))
            if held in self.replaced:
                self.replaced.remove(held)
            else:
                del self.state[held.name]
        return [held.name for held in gone]

    def _connected(self, provider: type[ClearMLProvider]) -> ClearMLProvider:
        return connected(provider, connection(self.emulator))
