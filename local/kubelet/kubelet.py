"""The loop: what the cluster wants against what runs."""

from __future__ import annotations

import time
from collections.abc import Callable

from local.kubelet.container import Container
from local.kubelet.desired_state import Absence, DesiredState, NotYet
from local.kubelet.status import State

_RESYNC_SECONDS = 1.0
_STARTING_SECONDS = 0.1
_SETTLE_SECONDS = 1.0
_LONGEST_BACKOFF = 30.0
_HEALTHY_SECONDS = 60.0


def backoff(crashes: int) -> float:
    """Seconds to wait after so many crashes in a row: 1, 2, 4 … 30."""
    return min(_LONGEST_BACKOFF, 2.0 ** (crashes - 1))


class Kubelet:
    """Runs at most one container; `step` is one look, and never waits."""

    def __init__(self, launch: Callable[[DesiredState], Container], report: Callable[[State], None]) -> None:
        self._launch = launch
        self._report = report
        self._container: Container | None = None
        self._runs: DesiredState | None = None
        self._crashes = 0
        self._again_at = 0.0
        self._reason: str | None = None
        self._seen: tuple[DesiredState, float] | None = None

    def step(self, now: DesiredState | NotYet | Absence) -> float:
        """Bring what runs nearer to `now`; returns seconds until the next look is due."""
        self._notice_crash()
        if self._replaced_by(now):
            self.stop()
        if isinstance(now, DesiredState) and self._runs is None:
            self._runs = now
        if self._runs and self._container is None and time.monotonic() >= self._again_at:
            self._container = self._launch(self._runs)
        return self._tell(None if isinstance(now, DesiredState) else now.reason)

    def stop(self) -> None:
        """End what runs and forget its crashes."""
        if self._container:
            self._container.stop()
        self._container = self._runs = self._reason = self._seen = None
        self._crashes, self._again_at = 0, 0.0

    def _replaced_by(self, now: DesiredState | NotYet | Absence) -> bool:
        if self._runs is None:
            return False
        if isinstance(now, DesiredState):
            return now != self._runs and self._settled(now)
        return isinstance(now, Absence) or _superseded(self._runs, now)

    def _settled(self, wanted: DesiredState) -> bool:
        """A new template counts at once, being the last of a release to change; a Secret on its own has to settle."""
        if self._runs and self._runs.template != wanted.template:
            return True
        if not self._seen or self._seen[0] != wanted:
            self._seen = wanted, time.monotonic()
        return time.monotonic() - self._seen[1] >= _SETTLE_SECONDS

    def _notice_crash(self) -> None:
        if self._container is None or self._container.alive:
            return
        lived = time.monotonic() - self._container.since
        self._crashes = 1 if lived > _HEALTHY_SECONDS else self._crashes + 1
        self._reason = self._container.failure()
        self._again_at = time.monotonic() + backoff(self._crashes)
        self._container = None

    def _tell(self, waiting: str | None) -> float:
        if self._container and self._container.listening:
            self._report(State("running", waiting, self._container.process))
            return _RESYNC_SECONDS
        if self._reason and self._runs:
            self._report(State("crashed", self._reason, self._container.process if self._container else None))
            return _STARTING_SECONDS if self._container else _RESYNC_SECONDS
        if self._container:
            self._report(State("waiting", "the API is starting", self._container.process))
            return _STARTING_SECONDS
        self._report(State("waiting", waiting, None))
        return _RESYNC_SECONDS


def _superseded(runs: DesiredState, now: NotYet) -> bool:
    """The old settings end at the start of a rollout: whoever waits for helm to be done must not meet them after."""
    return now.deployment not in (None, runs.deployment) or now.template not in (None, runs.template)
