"""A stack whose tenants have the policies of an earlier version: they make way for those of today in a safe order."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi import automation

from tests.api.recorded import restore
from tests.api.run.walled import Walled
from tests.emulator import Emulator


@pytest.mark.parametrize("when", ["before", "after"])
def test_policies_of_an_earlier_version_go_after_what_takes_their_place_is_there(
    tmp_path: Path, engine: Path, emulator: Emulator, when: str
) -> None:
    """Killed at any step: no moment without a wall, none without a way."""
    folder = tmp_path / "walled"
    folder.mkdir()
    walled = Walled(folder, engine, emulator)
    restore("0.2.0", walled)
    while True:
        walled.fail(len(walled.calls) + 2, when)
        try:
            walled.up()
        except automation.CommandError:
            continue
        break
    walled.mend()
    walled.up()
    assert {call.kind for call in walled.calls} == {"NetworkPolicy"}
    assert {call.name for call in walled.calls if call.verb != "delete"} == {"every-pod"}
    for space in ("acme", "globex"):
        here = [(call.verb, call.name) for call in walled.calls if call.namespace == space]
        gone = {name for verb, name in here if verb == "delete"}
        assert gone == {"own-namespace", "dns", "clearml"}
        first = min(number for number, (verb, _) in enumerate(here) if verb == "delete")
        assert {name for _, name in here[:first]} == {"every-pod"}
        assert "every-pod" not in {name for _, name in here[first:]}
    assert set(walled.planned().values()) == {"same"}
