"""The resources on the real engine: what a user sees of a tenant's life, and what is kept of it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from pulumi.automation import CommandError

from tests.api.stack import Declared, Stack
from tests.emulator import Emulator

DYNAMIC = "pulumi-python:dynamic/clearml"


@pytest.fixture
def declared() -> Declared:
    return Declared()


@pytest.fixture
def stack(tmp_path: Path, engine: Path, emulator: Emulator, declared: Declared) -> Stack:
    folder = tmp_path / "stack"
    folder.mkdir()
    return Stack(folder, engine, emulator, declared)


def _failed(stack: Stack) -> list[str]:
    """The causes of a failed `up`, one line each; nothing of Python shows."""
    stack.said = ""
    with pytest.raises(CommandError):
        stack.up()
    assert "Traceback" not in stack.said
    assert 'File "' not in stack.said
    return sorted({line for line in stack.errors() if "update failed" not in line})


def _properties(stack: Stack) -> dict[str, object]:
    """What the state says of each resource."""
    return {name: (each.get("inputs"), each.get("outputs")) for name, each in stack.exported(secrets=True).items()}


def test_life_on_the_engine(stack: Stack, emulator: Emulator, declared: Declared) -> None:
    """Create, nothing to do, no drift, readable changes, remove, the same company again."""
    assert stack.up() == {"create": 9}
    company = stack.exported()[f"{DYNAMIC}:Company::acme"]["id"]

    emulator.clear_calls()
    assert stack.up() == {"same": 9}
    assert emulator.calls() == []
    assert stack.refresh() == {"same": 9}

    declared.users.append("abe@{slug}.example")
    declared.generation = 2
    stack.said = ""
    assert stack.preview() == {"same": 5, "update": 2, "replace": 2}
    assert '+ abe@acme.example: "user"' in stack.said
    assert '~ label     : "test/acme/agent/1" => "test/acme/agent/2"' in stack.said
    stack.up()
    labels = {each["label"] for each in emulator.state()["credentials"] if each["label"]}
    assert labels == {"test/acme/agent/2", "test/acme/gateway/2"}

    stack.said = ""
    stack.destroy()
    assert f"company 'Acme' (id {company}) was kept on the server" in stack.said
    assert stack.exported() == {}

    assert stack.up() == {"create": 9}
    assert stack.exported()[f"{DYNAMIC}:Company::acme"]["id"] == company
    stack.destroy()


def test_no_secret_in_state_output_or_preview(stack: Stack, emulator: Emulator, declared: Declared) -> None:
    """Of the keys we made and of the one we use; after a refresh too."""
    stack.up()
    stack.refresh()
    secrets = {
        stack.exported(secrets=True)[f"{DYNAMIC}:Credentials::acme-{use}"]["outputs"]["secret_key"]["plaintext"].strip(
            '"'
        )
        for use in ("agent", "gateway")
    } | {emulator.secret}
    assert len(secrets) == 3
    declared.generation = 2
    stack.preview()
    stack.up()
    kept = stack.state_text() + stack.said
    assert "test/acme/agent/2" in kept
    assert not [secret for secret in secrets if secret in kept]


def test_wrong_key_is_one_line(stack: Stack, emulator: Emulator) -> None:
    stack.configure("apiserverSecret", "not-the-secret-0815", secret=True)
    (line,) = _failed(stack)
    assert "apiserverKey and apiserverSecret" in line
    assert "not-the-secret-0815" not in stack.said
    stack.configure("apiserverSecret", emulator.secret, secret=True)
    assert stack.up() == {"create": 7, "same": 2}


def test_unreachable_api_is_waited_for_visibly_then_one_line(stack: Stack, emulator: Emulator) -> None:
    emulator.stop()
    (line,) = _failed(stack)
    assert f"API at {emulator.url} did not answer within 3 s" in line
    assert f"waiting for the API at {emulator.url}" in stack.said
    emulator.restart()
    assert stack.up() == {"create": 7, "same": 2}


def test_missing_setting_is_told_in_the_preview(stack: Stack) -> None:
    stack.stack.remove_config("apiserverKey")
    with pytest.raises(CommandError, match="apiserverKey not set") as caught:
        stack.preview()
    assert "Traceback" not in str(caught.value)


def test_changed_admin_is_refused_in_the_preview(stack: Stack, emulator: Emulator, declared: Declared) -> None:
    """No replacement, no half of it: a line that says what to do. An `up` writes nothing either, also not the state."""
    stack.up()
    kept, rules = _properties(stack), emulator.state()["rules"]
    declared.admin = "chief@{slug}.example"
    with pytest.raises(CommandError, match=r"no call changes a user's e-mail: put back admin@acme\.example"):
        stack.preview()
    assert "put back admin@acme.example" in _failed(stack)[0]
    assert _properties(stack) == kept
    assert emulator.state()["rules"] == rules


def test_what_leaves_is_told_in_the_preview(stack: Stack, declared: Declared) -> None:
    """Once, with what it means for people who have signed in; a preview without changes says nothing."""
    stack.up()
    stack.said = ""
    stack.preview(diff=False)
    assert "stays" not in stack.said
    declared.users = []
    stack.preview(diff=False)
    assert stack.times_said("tenant acme: sign-in rules removed for bob@acme.example. New users no longer join") == 1
    stack.said = ""
    stack.up()
    assert stack.times_said("tenant acme: sign-in rules removed for bob@acme.example. New users no longer join") == 1


def test_ten_tenants_at_once(stack: Stack, emulator: Emulator, declared: Declared) -> None:
    """Four calls run at a time: each tenant is made once, and the list of companies is read once."""
    declared.tenants = tuple(f"Tenant{n}" for n in range(10))
    assert stack.up() == {"create": 72}
    asked = [call["endpoint"] for call in emulator.calls()]
    assert asked.count("system.get_companies") == 1
    assert asked.count("system.create_company") == asked.count("auth.create_user") == 10
    assert asked.count("auth.create_credentials") == 20
    emulator.clear_calls()
    assert stack.refresh() == {"same": 72}
    assert len(emulator.calls()) <= 3 * 10 + 1


@pytest.mark.parametrize("endpoint", ["system.create_company", "auth.create_user", "auth.create_credentials"])
def test_killed_run_is_finished_by_the_next(stack: Stack, emulator: Emulator, endpoint: str) -> None:
    """Engine and plugin killed while the server is at it, whether or not it finishes: nothing is there twice."""
    emulator.faults([{"endpoint": endpoint, "kind": "slow", "times": 1, "seconds": 1.5}])
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(_run_to_its_death, stack)
        _wait_until_waiting(emulator, endpoint)
        _kill_engine(stack)
        run.result()
    time.sleep(1)
    emulator.faults([])
    stack.stack.cancel()
    stack.up()
    found = emulator.state()
    assert sum(each["name"] == "Acme" for each in found["companies"]) == 1
    assert sum(each["email"] == "admin@acme.example" for each in found["users"]) == 1
    labels = sorted(each["label"] for each in found["credentials"] if each["label"])
    assert labels == ["test/acme/agent/1", "test/acme/gateway/1"]
    stack.destroy()


def _run_to_its_death(stack: Stack) -> None:
    with pytest.raises(CommandError):
        stack.up()


def _wait_until_waiting(emulator: Emulator, endpoint: str) -> None:
    """Until the call has reached the server, which is slow to answer it."""
    before = {"auth.create_user": "system.create_company", "auth.create_credentials": "users.get_current_user"}
    _wait_for_call(emulator, before.get(endpoint, "system.get_companies"))
    time.sleep(0.7)


def _wait_for_call(emulator: Emulator, endpoint: str) -> None:
    for _ in range(300):
        if any(call["endpoint"] == endpoint for call in emulator.calls()):
            return
        time.sleep(0.1)
    raise AssertionError(endpoint)


def _kill_engine(stack: Stack) -> None:
    """The pulumi command of this stack and every process it started."""
    ours = [each for each in psutil.Process().children(recursive=True) if _is_of(each, stack)]
    for process in ours:
        process.kill()
    psutil.wait_procs(ours, timeout=10)


def _is_of(process: psutil.Process, stack: Stack) -> bool:
    try:
        return process.environ().get("PULUMI_HOME") == str(stack.folder / "home")
    except psutil.Error:
        return False
