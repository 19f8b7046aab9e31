"""The last complete run of a stack, which the backend keeps beside the state; and whether another has anything to do.

It is a tag and no output: an output stays in the state when a later run fails, comes back with a state that is
restored, and would be one more difference in each preview (docs/adr/0012-only-what-changed-runs.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from operations.deployment.inputs import Inputs
from operations.engine import NO_TAGS, EngineStack
from operations.errors import OperationError

TAG = "clearml-tenants:complete-run"
_AT_A_TIME = 4
_FORM = re.compile(
    r"(?P<inputs>[0-9a-f]{64}) (?P<state>[0-9a-f]{64}) (?P<ended>\d{4}-\d\d-\d\dT\d\d:\d\dZ) (?P<tenants>\d+)"
)

# At the beginning of what the engine exports.
_WRITTEN = re.compile(r'"manifest":\s*\{\s*"time":\s*"([^"]+)"')


@dataclass(frozen=True)
class CompleteRun:
    """`inputs` and `state` are digests: of what it depended on, and of the whole state that it left."""

    inputs: str
    state: str
    ended: str
    tenants: int

    def __str__(self) -> str:
        return f"{self.inputs} {self.state} {self.ended} {self.tenants}"

    @classmethod
    def parse(cls, text: str) -> CompleteRun | None:
        """None for a text of another form, as of another version of this program."""
        found = _FORM.fullmatch(text)
        return cls(found["inputs"], found["state"], found["ended"], int(found["tenants"])) if found else None


@dataclass(frozen=True)
class Verdict:
    """`reason` says why a run is needed; it is empty where `last` had the same inputs and its state is still there."""

    last: CompleteRun | None
    reason: str


def verdict(
    engine: EngineStack,
    inputs: Inputs,
    state: str = "",
    last: CompleteRun | None = None,
    tags: Future[Mapping[str, str]] | None = None,
) -> Verdict:
    """Whether a run with these inputs would find nothing to do. Raises OperationError if the state cannot be read.

    `state`: as the engine has just written it, and `last`: what is recorded, where that was asked already. `tags`:
    where it is being asked.
    """
    with ThreadPoolExecutor() as pool:
        asked = None if last else tags or pool.submit(engine.tags)
        told = pool.submit(_text, engine, state)
        last = _recorded(asked) if asked else last
        text = told.result()
    if last is None:
        return Verdict(None, "no complete run is recorded")
    if not inputs.digest:
        return Verdict(last, "its file imports an environment, whose values may change at any time")
    if last.inputs != inputs.digest:
        return Verdict(last, f"something is not as in the complete run of {last.ended}")
    if not is_of(last, text):
        return Verdict(last, f"something else has changed the state since the complete run of {last.ended}")
    return Verdict(last, "")


def forget(engine: EngineStack) -> None:
    """What is recorded is not true any more as soon as a run begins; nothing is where no tag can be. Raises
    OperationError."""
    try:
        engine.clear_tag(TAG)
    except OperationError as error:
        if NO_TAGS not in str(error):
            raise


def record(engine: EngineStack, inputs: Inputs) -> str:
    """Record that the run which has just ended was complete; why it was not recorded, if it was not.

    The state is read first: if the newest update is still the one with these inputs afterwards, it is that one's state.
    One that has not ended is in no history yet, but the state has what it is at; what an earlier one was making when it
    was killed stays there, through any number of complete runs (the engine's pkg/backend/snapshot.go).
    """
    if not inputs.digest:
        return "its file imports an environment, whose values may change at any time"
    try:
        state, newest = engine.export_text(), engine.newest_update()
        if (newest.get("kind"), newest.get("result")) != ("update", "succeeded"):
            return "the newest update is no complete run"
        if newest.get("message") != inputs.message:
            return "the newest update had other inputs"
        pending = (json.loads(state).get("deployment") or {}).get("pending_operations") or []
        if any(each["type"] != "creating" for each in pending):
            return "another run has begun: the state has operations that did not end"
        ended = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
        engine.set_tag(TAG, str(CompleteRun(inputs.digest, _digest(state), ended, inputs.tenants)))
    except OperationError as error:
        return str(error)
    return ""


def records_of(root: Path, stacks: Sequence[str]) -> Mapping[str, CompleteRun]:
    """By stack, of those that have one."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        asked = {stack: pool.submit(EngineStack(root, stack).tags) for stack in stacks}
    return {stack: record for stack, tags in asked.items() if (record := _recorded(tags))}


def is_of(record: CompleteRun, state: str) -> bool:
    """Whether the state is still as that run left it."""
    return record.state == _digest(state)


def _recorded(tags: Future[Mapping[str, str]]) -> CompleteRun | None:
    """A backend that keeps no tags has no record, and everything runs."""
    try:
        return CompleteRun.parse(tags.result().get(TAG, ""))
    except OperationError:
        return None


def _text(engine: EngineStack, text: str) -> str:
    return text or engine.export_text()


def _digest(state: str) -> str:
    """Of the text as the engine writes it, whose time every run changes, also one that fails at its start."""
    return sha256(state.encode()).hexdigest()


def written(state: str) -> str:
    """When the engine wrote it last, as `EngineStack.written` tells it; empty if it never did."""
    found = _WRITTEN.search(state)
    time = datetime.fromisoformat(found[1]).astimezone(UTC) if found else None
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z" if time else ""
