"""Previews of the real engine, as it told them event by event, without what a plan does not look at.

Those that are called `official_…` are of the local stack with the official kubernetes plugin, 4.25.0; the others of a
stand-in for it, which hid less.
"""

from __future__ import annotations

import json
from pathlib import Path

from pulumi.automation.events import EngineEvent

from operations.preview.steps import Step, steps_of


def preview(name: str) -> tuple[Step, ...]:
    """The steps of the recorded preview `name`."""
    lines = (Path(__file__).parent / f"{name}.jsonl").read_text().splitlines()
    return steps_of(EngineEvent.from_json(json.loads(line)) for line in lines)
