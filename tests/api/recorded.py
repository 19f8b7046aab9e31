"""States as a release wrote them, kept beside each other for ever: `python -m tests.api.recorded 1.2.0` adds one.

A folder of `states/` holds the settings that were deployed and the engine's export; its secrets are an emulator's, and
encrypted by the passphrase `test`. Record one when a version is released; from then on it stays as it is. That of the
version in work shows what a change does to a stack that exists: if that is meant, remove it and record it again.
`0.1.0-every-kind` was recorded by the last version whose states named the providers' classes by their places, `0.2.0`
is that of the version in work, from before a tenant's policies for every pod were one.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from pulumi.automation import ConfigValue

from local.toolchain import install_tools
from settings.facts import stack_file_of
from tests.api.program import Program
from tests.api.stack import STACK
from tests.emulator import Emulator, start_emulator
from tests.tenants import whole, without_workers

STATES = Path(__file__).with_name("states")
# Nobody listens there: a preview calls nobody.
_NOWHERE = "http://127.0.0.1:9"
_ENDPOINTS = {"authorization": "https://idp.example/auth", "token": "https://idp.example/token"}


def released() -> list[str]:
    """The versions of which there is a state."""
    return sorted(each.name for each in STATES.iterdir())


def resources(version: str) -> list[dict[str, Any]]:
    """The resources of a recorded state."""
    found: list[dict[str, Any]] = json.loads((STATES / version / "state.json").read_text())["deployment"]["resources"]
    return found


def restore(version: str, program: Program) -> None:
    """Make the program's stack and files what they were at that release."""
    shutil.copytree(STATES / version / "config", program.project / "config", dirs_exist_ok=True)
    program.command("stack", "import", "--stack", STACK, "--file", str(STATES / version / "state.json"))


def _tenants() -> dict[str, dict[str, Any]]:
    """One that says all a file can say, and one that says little."""
    acme = whole("acme") | {
        "features": ["applications", "reports"],
        "excludeFeatures": ["app_management"],
        "allowedUsers": 10,
        "allowedServiceUsers": 5,
        "applications": {"maxRunning": 20, "visibility": {"allowed": "owner"}},
        "agent": {"queues": {"default": {"queueSettings": {"maxPods": 10}}}, "keyGeneration": 2},
        "sso": {"externalTenant": "acme-ext", "clientId": "clearml-acme", "endpoints": _ENDPOINTS},
    }
    account = {"features": ["service_users"], "serviceAccount": {"enabled": True}}
    return {"acme": acme, "globex": without_workers("globex") | account}


def _deploy(program: Program, emulator: Emulator) -> None:
    """Every kind of resource: a group of all tenants, one's identity provider, a key of a run that was cut off, one
    that a person made and the tenant's file revokes."""
    for setting, value in {"name": "Researchers", "features[0]": "reports"}.items():
        program.stack.set_config(f"stack.groups.researchers.{setting}", ConfigValue(value), path=True)
    program.stack.set_config("ssoClientSecrets.acme", ConfigValue("client-pa55phrase", secret=True), path=True)
    for name, content in _tenants().items():
        program.write(name, content)
    program.up()
    (admin,) = [each["id"] for each in emulator.state()["users"] if each["email"] == "admin@acme.example"]
    lost, as_admin = {"label": f"{STACK}/acme/agent/1"}, {"X-Clearml-Impersonate-As": admin}
    emulator.data_of("auth.create_credentials", lost, headers=as_admin)
    by_hand = emulator.data_of("auth.create_credentials", {"label": "by hand"}, headers=as_admin)
    program.write("acme", _tenants()["acme"] | {"revokeKeys": [by_hand["credentials"]["access_key"]]})
    program.refresh()
    program.up()


def _record(version: str, folder: Path) -> None:
    target = STATES / version
    if target.exists():
        sys.exit(f"{target} is there already: a recorded state stays as it is")
    emulator = start_emulator(folder)
    try:
        program = Program(folder / "program", install_tools(["pulumi"])["pulumi"].path, emulator)
        _deploy(program, emulator)
        exported = json.loads(program.command("stack", "export", "--stack", STACK))
    finally:
        emulator.stop()
    target.mkdir(parents=True)
    for each in exported["deployment"]["resources"]:
        # The stack's own, which nobody can leave out: paths of the machine that recorded it.
        each.pop("sourcePosition", None)
        each.pop("stackTrace", None)
    (target / "state.json").write_text(f"{json.dumps(exported, indent=1)}\n")
    shutil.copytree(program.project / "config", target / "config")
    settings = target / stack_file_of(STACK)
    settings.write_text(settings.read_text().replace(emulator.url, _NOWHERE))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "program").mkdir()
        _record(sys.argv[1], Path(scratch))
