"""What the runner is doing, as it writes it down for `status` to read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from local.checkout import Checkout
from local.kubelet import process

Api = Literal["waiting", "running", "crashed"]


@dataclass(frozen=True)
class State:
    """One moment of the API: why it waits or crashed, and its process if it has one."""

    api: Api
    reason: str | None
    process: process.Process | None


@dataclass(frozen=True)
class PodStatus:
    """`running`: the runner itself; `api`: what it runs, `since` when, and why it does not answer."""

    running: bool
    api: Api
    since: datetime | None
    reason: str | None
    url: str


class StateFile:
    """The state in a file: written whole or not at all, and only when it changed."""

    def __init__(self, run: Path) -> None:
        self._path = run / "pod.json"
        self._last: State | None = None

    def write(self, state: State) -> None:
        if state == self._last:
            return
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({**asdict(state), "since": datetime.now(UTC).isoformat()}))
        fresh.replace(self._path)
        self._last = state

    def read(self) -> tuple[State, datetime] | None:
        """The last state and when it began; None if there is none, or none that can be read."""
        try:
            read = json.loads(self._path.read_text())
            known = read["process"] and process.Process(**read["process"])
            return State(read["api"], read["reason"], known), datetime.fromisoformat(read["since"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def status(checkout: Checkout) -> PodStatus:
    """What is known without asking the cluster or the API."""
    url = checkout.api_url
    found = StateFile(checkout.run).read()
    if not process.RunnerFile(checkout.run).alive():
        return PodStatus(False, "waiting", None, "its runner is not running: make up", url)
    if not found:
        return PodStatus(True, "waiting", None, "its runner is starting", url)
    state, since = found
    return PodStatus(True, state.api, since, state.reason, url)
