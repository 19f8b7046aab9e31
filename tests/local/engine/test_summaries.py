"""Of a failure the reason is told, also where the engine says it in the sentence that sums up, as of a full disk.

All that was told was "update failed".
"""

from __future__ import annotations

import pytest
from pulumi.automation.events import DiagnosticEvent, EngineEvent

from local.engine.events import Narrator
from local.engine.run import _last_error

_FULL = "write /x/.pulumi/stacks/p/local.json: no space left on device"


def _said(*texts: str) -> list[str]:
    narrator = Narrator("up", quiet=True)
    for number, text in enumerate(texts):
        event = DiagnosticEvent(message=text, color="never", severity="error")
        narrator.hear(EngineEvent(sequence=number, timestamp=1, diagnostic_event=event))
    return [cause.text for cause in narrator.causes]


@pytest.mark.parametrize(
    "text",
    [
        f"update failed: {_FULL}",
        f"1 error occurred: * failed to save snapshot: {_FULL}",
        f"2 errors occurred: * saving checkpoint: {_FULL} * {_FULL}",
        f"resource acme-agent failed: {_FULL}",
        f"destroy failed: {_FULL}",
        f"refresh failed: open /tmp/x: {_FULL}",
        f"failed to save snapshot: {_FULL}",
    ],
)
def test_the_reason_in_a_summary_is_told_where_nothing_else_was(text: str) -> None:
    assert _said(text, "update failed") == [text]


@pytest.mark.parametrize("bare", ["update failed", "destroy failed", "resource acme failed", "preview failed."])
def test_a_summary_beside_its_reason_is_not(bare: str) -> None:
    assert _said("release acme-agent: helm says no", f"{bare}: release acme-agent: helm says no", bare) == [
        "release acme-agent: helm says no"
    ]


@pytest.mark.parametrize(
    ("transcript", "told"),
    [
        (f"error: failed to save snapshot: {_FULL}\nerror: update failed\n", f"failed to save snapshot: {_FULL}"),
        (f"panic: {_FULL}\nerror: update failed\n", f"panic: {_FULL}"),
        (f"error: update failed: {_FULL}\n", f"update failed: {_FULL}"),
        ("error: update failed\n", "update failed"),
        ("error: could not lock\nit ended\n", "could not lock"),
        ("it ended\n", "it ended"),
        ("", "the engine said nothing"),
    ],
)
def test_of_a_transcript_the_line_with_the_reason(transcript: str, told: str) -> None:
    assert _last_error(transcript) == told
