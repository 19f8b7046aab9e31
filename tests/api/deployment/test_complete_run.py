"""A stack is called unchanged only while files and state are those of its last complete run; that costs no call."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from pulumi.automation import CommandError

from operations.deployment.complete_run import TAG, forget, record, verdict
from tests.api.deployment.deployed import Deployed
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import without_workers

_OTHERS = ("bob@acme.partner.example", "dan@acme.partner.example")


def test_nothing_is_run_or_called_where_nothing_changed(deployed: Deployed, emulator: Emulator) -> None:
    state = deployed.state_file.read_bytes()
    emulator.clear_calls()
    found = verdict(deployed.engine_stack, deployed.inputs)
    assert found.reason == ""
    assert found.last is not None
    assert found.last.tenants == 2
    assert emulator.calls() == []
    assert deployed.state_file.read_bytes() == state
    # A preview writes nothing, a run that finds nothing is complete in its turn.
    deployed.preview()
    assert deployed.reason == ""
    assert deployed.run() == ""
    assert deployed.reason == ""


def test_the_record_is_no_part_of_the_state(deployed: Deployed) -> None:
    assert TAG not in deployed.state_file.read_text()
    assert TAG in deployed.engine_stack.tags()
    forget(deployed.engine_stack)
    assert deployed.reason == "no complete run is recorded"
    forget(deployed.engine_stack)


def test_a_run_by_hand_with_other_files_that_are_put_back(deployed: Deployed) -> None:
    """The files are those of the complete run again, the server's rules are not."""
    deployed.write("acme", without_workers("acme", *_OTHERS))
    assert "something is not as in" in deployed.reason
    deployed.without_a_record()
    deployed.write("acme", without_workers("acme"))
    assert "changed the state" in deployed.reason


def test_a_failed_run_whose_change_is_taken_back(deployed: Deployed, emulator: Emulator) -> None:
    """An output of the stack would still say that it is complete."""
    emulator.faults([{"endpoint": "login.add_whitelist_entries", "kind": "refuse", "times": 9}])
    deployed.write("acme", without_workers("acme", *_OTHERS))
    with pytest.raises(CommandError):
        deployed.without_a_record()
    emulator.faults([])
    deployed.write("acme", without_workers("acme"))
    assert "changed the state" in deployed.reason


def test_a_run_that_fails_at_once(deployed: Deployed) -> None:
    program = deployed.project / "__main__.py"
    text = program.read_text()
    program.write_text(f"raise SystemExit(3)\n{text}")
    with pytest.raises(CommandError):
        deployed.without_a_record()
    program.write_text(text)
    assert "changed the state" in deployed.reason


def test_a_killed_run_whose_change_is_taken_back(deployed: Deployed, emulator: Emulator) -> None:
    emulator.faults([{"endpoint": "login.remove_whitelist_entries", "kind": "slow", "times": 1, "seconds": 3}])
    emulator.clear_calls()
    deployed.write("acme", without_workers("acme", *_OTHERS))
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(_run_to_its_death, deployed)
        # The call before the slow one.
        _wait_for_call(emulator, "login.get_whitelist")
        _kill_engine(deployed)
        run.result()
    emulator.faults([])
    deployed.stack.cancel()
    deployed.write("acme", without_workers("acme"))
    assert "changed the state" in deployed.reason
    assert deployed.run() == ""
    assert deployed.reason == ""


def test_a_refresh_that_found_drift(deployed: Deployed, emulator: Emulator) -> None:
    company = next(each["id"] for each in emulator.state()["companies"] if each["name"] == "Company acme")
    emulator.data_of("login.set_domains", {"company": company, "domains": []})
    deployed.refresh()
    assert "changed the state" in deployed.reason


def test_a_state_of_before_that_is_restored(deployed: Deployed) -> None:
    """By the engine's own command, or as a bucket brings a file of before back; with the files of that time, too."""
    exported, file = deployed.command("stack", "export", "--stack", STACK), deployed.state_file.read_bytes()
    deployed.write("acme", without_workers("acme", *_OTHERS))
    assert deployed.run() == ""
    kept = deployed.state_file.read_bytes()
    for put_back in (lambda: _import(deployed, exported), lambda: deployed.state_file.write_bytes(file)):
        put_back()
        assert "changed the state" in deployed.reason
        deployed.write("acme", without_workers("acme"))
        assert "something is not as in" in deployed.reason
        deployed.write("acme", without_workers("acme", *_OTHERS))
        deployed.state_file.write_bytes(kept)
        assert deployed.reason == ""


def test_only_a_complete_run_of_these_inputs_is_recorded(deployed: Deployed) -> None:
    deployed.without_a_record()
    assert record(deployed.engine_stack, deployed.inputs) == "the newest update had other inputs"
    deployed.stack.refresh(message=deployed.inputs.message)
    assert record(deployed.engine_stack, deployed.inputs) == "the newest update is no complete run"


def test_a_record_that_nobody_can_read_is_none(deployed: Deployed) -> None:
    deployed.engine_stack.set_tag(TAG, "of another version")
    assert deployed.reason == "no complete run is recorded"
    shutil.rmtree(deployed.folder / "state" / ".pulumi" / "history")
    assert record(deployed.engine_stack, deployed.inputs) == "the newest update is no complete run"


def test_a_record_that_a_kill_cut_short_is_none(deployed: Deployed) -> None:
    """The engine lists no tags then, and panics where it is to remove one."""
    deployed.state_file.with_name(f"{STACK}.pulumi-tags.attrs").write_text("")
    assert deployed.reason == "no complete run is recorded"
    assert deployed.run() == ""
    assert deployed.reason == ""


def _import(deployed: Deployed, exported: str) -> None:
    file = deployed.folder / "exported.json"
    file.write_text(exported)
    deployed.command("stack", "import", "--stack", STACK, "--file", str(file))


def _run_to_its_death(deployed: Deployed) -> None:
    with pytest.raises(CommandError):
        deployed.without_a_record()


def _wait_for_call(emulator: Emulator, endpoint: str) -> None:
    for _ in range(300):
        if any(call["endpoint"].startswith(endpoint) for call in emulator.calls()):
            time.sleep(0.5)
            return
        time.sleep(0.1)
    raise AssertionError(endpoint)


def _kill_engine(deployed: Deployed) -> None:
    """The pulumi command of this stack and every process it started."""
    ours = [each for each in psutil.Process().children(recursive=True) if _is_of(each, deployed)]
    for process in ours:
        process.kill()
    psutil.wait_procs(ours, timeout=10)


def _is_of(process: psutil.Process, deployed: Deployed) -> bool:
    try:
        return process.environ().get("PULUMI_HOME") == str(deployed.folder / "home")
    except psutil.Error:
        return False
