"""Each way in which somebody changes a state beside `make up`: the next run looks at everything."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from operations.deployment.complete_run import record
from tests.api.deployment.deployed import Deployed
from tests.api.stack import STACK

# See tests/api/engine/test_engine.py.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


def test_a_state_that_another_run_is_writing_is_not_recorded(deployed: Deployed) -> None:
    """It began between this one's end and its record, and no history knows of it; if it is killed, none ever does."""
    state = json.loads(deployed.state_file.read_text())
    latest = state["checkpoint"]["latest"]
    refusal = "another run has begun: the state has operations that did not end"
    # What a killed run was making stays there until a person decides, and would make every run look at everything.
    for kind, told in (("updating", refusal), ("deleting", refusal), ("creating", "")):
        latest["pending_operations"] = [{"resource": latest["resources"][-1], "type": kind}]
        deployed.state_file.write_text(json.dumps(state))
        assert record(deployed.engine_stack, deployed.inputs) == told
        assert ("changed the state" in deployed.reason) is bool(told)


def test_what_a_person_does_with_the_engine(deployed: Deployed) -> None:
    """What only reads, or is put back to the byte, is no reason."""
    before = deployed.state_file.read_bytes()
    urn = json.loads(before)["checkpoint"]["latest"]["resources"][-1]["urn"]

    def by(*command: str) -> Callable[[], object]:
        return lambda: deployed.command(*command, "--stack", STACK)

    for name, act, changed in (
        ("cancel", by("cancel", "--yes"), False),
        ("a tag", by("stack", "tag", "set", "owner", "ann"), False),
        ("config", by("config", "--json"), False),
        ("protect", by("state", "protect", urn, "--yes"), True),
        ("delete", by("state", "delete", urn, "--yes"), True),
        ("up --target", lambda: deployed.stack.up(target=[urn]), True),
        ("refresh", deployed.stack.refresh, True),
    ):
        act()
        assert ("changed the state" in deployed.reason) is changed, name
        if changed:
            deployed.state_file.write_bytes(before)
            assert deployed.reason == "", name
