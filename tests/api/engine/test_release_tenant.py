"""A tenant leaves the program's hands and runs on: no call is made, and nothing of it is removed later."""

from __future__ import annotations

import json
from typing import Any

import pytest

from operations.errors import OperationError
from operations.release_tenant import release_tenant, without_tenant
from tests.api.program import Program
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import whole


@pytest.fixture
def deployed(program: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Two tenants, and a shell in which `pulumi` is the one of this stack."""
    for name in ("acme", "initech"):
        program.write(name, {**whole(name), "protect": True})
    program.up()
    for name, value in program.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CLEARML_API_URL")
    return program


def _release(program: Program, tenant: str) -> list[str]:
    return release_tenant(program.project, STACK, tenant, no_run_at_work=False)


def _of(program: Program, tenant: str) -> set[str]:
    return {name for name in program.exported() if f"::{tenant}" in name or f"/{tenant}" in name}


def test_it_runs_on_and_nothing_of_it_is_ever_called_or_removed(deployed: Program, emulator: Emulator) -> None:
    before, calls = emulator.state(), emulator.calls()
    kept = {name: each for name, each in deployed.exported().items() if "acme" not in name}

    done, then = _release(deployed, "acme")
    assert done.startswith("tenant acme: ")
    assert f"git rm config/tenants/{STACK}/acme.yaml" in then
    assert not _of(deployed, "acme")
    # Once more finds nothing to do, and says what is left to a person.
    assert "0 resources" in _release(deployed, "acme")[0]

    deployed.remove("acme")
    assert set(deployed.preview()) == {"same"}
    assert set(deployed.up()) == {"same"}
    assert emulator.state() == before
    assert emulator.calls() == calls
    assert deployed.exported().keys() == kept.keys()

    # All that is left of the stack can go, and still takes nothing of it away.
    deployed.write("initech", {**whole("initech"), "protect": False})
    deployed.up()
    deployed.remove("initech")
    deployed.up()
    companies = {each["name"]: each["id"] for each in emulator.state()["companies"]}
    rules = {each["company"]: each["domains"] for each in emulator.state()["rules"]}
    assert rules[companies["Company acme"]] == ["acme.example"]


def test_with_its_file_still_there_it_comes_back_and_is_not_doubled(deployed: Program, emulator: Emulator) -> None:
    before = emulator.state()
    _release(deployed, "acme")
    deployed.up()
    after = emulator.state()
    for kind in ("companies", "users", "rules"):
        assert after[kind] == before[kind]
    labels = [each["label"] for each in after["credentials"] if str(each["label"]).startswith(f"{STACK}/")]
    assert sorted(labels) == sorted(set(labels))


def test_who_is_not_there_is_told(deployed: Program) -> None:
    with pytest.raises(OperationError) as refused:
        _release(deployed, "nobody")
    assert "config/tenants/test/nobody.yaml" in str(refused.value)


def test_a_run_that_died_at_this_tenant_comes_first(deployed: Program) -> None:
    state = json.loads(deployed.state_file.read_text())
    release = next(each for each in state["checkpoint"]["latest"]["resources"] if each["urn"].endswith("::acme-agent"))
    state["checkpoint"]["latest"]["pending_operations"] = [{"resource": release, "type": "updating"}]
    deployed.state_file.write_text(json.dumps(state))
    with pytest.raises(OperationError, match="the last run died at tenant acme"):
        _release(deployed, "acme")
    assert _of(deployed, "acme")


def test_nothing_else_of_a_state_is_changed(deployed: Program) -> None:
    deployment: dict[str, Any] = json.loads(deployed.command("stack", "export", "--stack", STACK))["deployment"]
    assert without_tenant(deployment, "nobody") == deployment
    assert without_tenant(without_tenant(deployment, "acme"), "acme") == without_tenant(deployment, "acme")
    rest = {each["urn"]: each for each in without_tenant(deployment, "acme")["resources"]}
    for each in deployment["resources"]:
        if "acme" not in json.dumps(each):
            assert rest[each["urn"]] == each
