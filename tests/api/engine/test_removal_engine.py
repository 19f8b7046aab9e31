"""A tenant that is removed with its company, on the real engine: everything of its own first, the company last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.automation import CommandError

from components.clearml.admin_user.resource import AdminUser
from components.clearml.company.resource import Company
from components.clearml.credentials.resource import Credentials
from components.clearml.sign_in.domains import Domains
from components.clearml.sign_in.removals import SignInRuleRemovals
from tests.api.stack import Stack
from tests.api.worker import Worker
from tests.emulator import Emulator, start_emulator

ADMIN = "admin@acme.example"


@dataclass
class Declared:
    """One tenant with a worker, whose file may be gone."""

    server: Emulator
    there: bool = True
    loses_power: bool = False

    def __call__(self) -> None:
        rules: dict[str, Any] = {"tenant": "acme", "protect": False, "domains": {"acme.example": ""}, "entries": {}}
        removals = SignInRuleRemovals("departures", {ADMIN: rules} if self.there else {})
        if not self.there:
            return
        company = Company("acme", "Acme", ADMIN, on_remove="delete")
        admin = AdminUser("acme", company.company_id, "Acme Admin", ADMIN)
        keys = Credentials("acme-agent", admin.user_id, "test/acme/agent/1")
        Domains("acme", admin.user_id, ["acme.example"], pulumi.ResourceOptions(depends_on=[removals]))
        Worker(company.company_id, keys.access_key, self.server.control_url, loses_power=self.loses_power)


@pytest.fixture
def declared(tmp_path: Path) -> Any:
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": '{"new_server": true}'})
    yield Declared(server)
    server.stop()


@pytest.fixture
def stack(tmp_path: Path, engine: Path, declared: Declared) -> Stack:
    folder = tmp_path / "stack"
    folder.mkdir()
    return Stack(folder, engine, declared.server, declared)


def _active(server: Emulator) -> bool:
    (company,) = [each for each in server.state()["companies"] if each["name"] == "Acme"]
    return bool(company["active"])


@pytest.mark.parametrize("whole", [False, True])
def test_the_company_is_deleted_last(stack: Stack, declared: Declared, whole: bool) -> None:
    """By removing the file, and by destroying the stack: the worker has signed off, keys and rules are gone.

    A destroyed stack's rules go side by side with the company.
    """
    stack.up()
    declared.server.clear_calls()
    if whole:
        stack.destroy()
    else:
        declared.there = False
        assert stack.up() == {"same": 1, "update": 1, "delete": 5}
    assert not _active(declared.server), stack.said
    asked = [call["endpoint"] for call in declared.server.calls()]
    before = {"auth.revoke_credentials"} if whole else {"auth.revoke_credentials", "login.set_domains"}
    assert before <= set(asked[: asked.index("tenants.delete_tenant")])
    assert "was deleted on the server" in stack.said


def test_a_company_that_somebody_deleted_before_is_in_nobodys_way(stack: Stack, declared: Declared) -> None:
    """A refresh says that it is gone, and how to go on; the file's removal does, and leaves nothing in the state."""
    stack.up()
    server = declared.server
    (company,) = [each["id"] for each in server.state()["companies"] if each["name"] == "Acme"]
    server.data_of("tenants.delete_tenant", {"tenant": company, "name": "Acme", "force": True})
    with pytest.raises(CommandError):
        stack.refresh()
    assert "remove the tenant's file and run `pulumi up` without a refresh" in stack.said
    declared.there = False
    assert stack.up() == {"same": 1, "update": 1, "delete": 5}
    assert "was deleted on the server already" in stack.said
    assert stack.preview() == {"same": 2}


def test_a_worker_that_never_signed_off_is_one_line_and_the_next_run_goes_on(stack: Stack, declared: Declared) -> None:
    declared.loses_power = True
    stack.up()
    declared.there = False
    with pytest.raises(CommandError):
        stack.up()
    assert "Traceback" not in stack.said
    (line,) = {line for line in stack.errors() if "update failed" not in line}
    assert "was not deleted, the server says" in line
    assert "1 connected workers" in line
    assert _active(declared.server)
    (company,) = [each["id"] for each in declared.server.state()["companies"] if each["name"] == "Acme"]
    declared.server.set_workers(company, 0)
    assert stack.up() == {"same": 2, "delete": 1}
    assert not _active(declared.server)
