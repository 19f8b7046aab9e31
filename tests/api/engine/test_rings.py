"""The ring goes first, through the real program and engine: what waits is not touched, under whatever name it is."""

from __future__ import annotations

import json

from operations.github.canary import excluded_targets
from settings.loading.load import load
from tests.api.program import Program
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import whole


class Rings:
    """Of a program's tenants, `acme-east` goes first."""

    def __init__(self, program: Program, emulator: Emulator) -> None:
        self.program = program
        self.emulator = emulator

    def waiting(self) -> list[str]:
        resources = json.loads(self.program.command("stack", "export", "--stack", STACK))["deployment"]["resources"]
        return excluded_targets(load(self.program.project, STACK), ["acme-east"], resources)

    def deploy(self) -> None:
        """As the deploy workflow does before everybody's turn."""
        self.program.stack.up(exclude=self.waiting(), refresh=True, color="never")

    def features(self, tenant: str) -> object:
        companies = self.emulator.state()["companies"]
        return next(each["features"] for each in companies if each["name"] == f"Company {tenant}")

    def held(self, tenant: str) -> dict[str, object]:
        """Company, rules and keys' labels of what was made as `tenant`."""
        state = self.emulator.state()
        (company,) = [each["id"] for each in state["companies"] if each["name"] == f"Company {tenant}"]
        (rules,) = [each for each in state["rules"] if each["company"] == company]
        labels = {each["label"] for each in state["credentials"] if each["company"] == company}
        return {"company": company, "rules": (rules["domains"], rules["whitelist"]), "labels": labels}


def _began(program: Program, emulator: Emulator) -> Rings:
    rings = Rings(program, emulator)
    for name in ("acme", "acme-east"):
        program.write(name, whole(name))
    program.up()
    program.write("acme-east", {**whole("acme-east"), "features": ["reports"]})
    return rings


def test_one_that_is_renamed_outside_the_ring_waits_with_all_that_it_has(program: Program, emulator: Emulator) -> None:
    rings = _began(program, emulator)
    before, resources = rings.held("acme"), program.exported().keys()
    program.remove("acme")
    program.write("initech", whole("acme"))
    # The second time as after a gate that failed: the stack's outputs have forgotten the old name by then.
    for _ in range(2):
        rings.deploy()
        assert (rings.held("acme"), program.exported().keys()) == (before, resources)
    assert rings.features("acme-east") == ["reports"]

    program.up()
    after = rings.held("acme")
    assert (after["company"], after["rules"]) == (before["company"], before["rules"])
    assert after["labels"] == {"test/initech/agent/1", "test/initech/gateway/1"}
    assert set(program.preview()) == {"same"}


def test_one_that_is_removed_outside_the_ring_keeps_all_but_its_rules(program: Program, emulator: Emulator) -> None:
    rings = _began(program, emulator)
    before, resources = rings.held("acme"), program.exported().keys()
    program.remove("acme")
    rings.deploy()
    assert (rings.held("acme")["labels"], program.exported().keys()) == (before["labels"], resources)
    assert rings.held("acme")["rules"] == ([], [])

    program.up()
    assert rings.held("acme")["labels"] == set()
    assert set(program.preview()) == {"same"}
