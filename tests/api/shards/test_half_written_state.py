"""Shards that run side by side read each other's states, which a folder as a backend shows half written, too."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components.shards import homes
from settings.shards import Part

_FAILED = "invocation of pulumi:pulumi:readStackOutputs returned an error: failed to load checkpoint: EOF"


class _Backend:
    """The state can be read after so many looks; then it has nothing."""

    def __init__(self, looks: int) -> None:
        self.looks, self.left = 0, looks

    async def answer(self, _question: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self.looks += 1
        if self.looks <= self.left:
            raise RuntimeError(_FAILED)
        return {"outputs": {}}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi, "get_organization", lambda: "organization")
    monkeypatch.setattr(pulumi, "get_project", lambda: "clearml-tenants")
    waited: Any = homes._answer
    monkeypatch.setattr(waited.retry, "sleep", lambda _: asyncio.sleep(0))


def _recorded(backend: _Backend, monkeypatch: pytest.MonkeyPatch) -> homes.StateTenants:
    monkeypatch.setattr(pulumi.runtime, "invoke_async", backend.answer)
    return asyncio.run(homes._recorded(Part("prod", "02")))


def test_a_state_that_is_being_written_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = _Backend(3)
    assert _recorded(backend, monkeypatch) == homes.StateTenants({})
    assert backend.looks == 4


def test_a_state_that_stays_cut_short_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = _Backend(1000)
    with pytest.raises(pulumi.RunError, match=r"^stack prod-02: its state cannot be read, .*: EOF$"):
        _recorded(backend, monkeypatch)
    assert backend.looks == 20
