"""Secrets that settings declare, through the real program and engine: there before what names them, and seen by nobody.

The cluster on paper masks them as the official plugin does.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError, ConfigValue

from tests.api.run.walled import Walled
from tests.emulator import Emulator
from tests.tenants import whole

_DECLARED = {
    "secrets": {
        "git-login": {"keys": ["token"]},
        "images": {"type": "dockerconfigjson", "registry": "registry.example.com", "username": "robot"},
    }
}
_NAMED = [{"name": "GIT_TOKEN", "valueFrom": {"secretKeyRef": {"name": "git-login", "key": "token"}}}]
_ACME = {**whole("acme"), **_DECLARED, "agent": {"queues": {"default": {}}, "extraEnvs": _NAMED}}
_TOKEN, _LATER, _PASSWORD, _SHARED = "planted-t0ken-1", "planted-t0ken-2", "planted-pa55word", "planted-shar3d"


@pytest.fixture
def program(tmp_path: Path, engine: Path, emulator: Emulator) -> Walled:
    folder = tmp_path / "program"
    folder.mkdir()
    made = Walled(folder, engine, emulator)
    made.stack.set_config("stack.server.protect", ConfigValue("false"), path=True)
    made.stack.set_config("stack.secrets.shared.keys[0]", ConfigValue("token"), path=True)
    made.stack.set_config("stack.secrets.shared.tenants[0]", ConfigValue("globex"), path=True)
    _set(made, "secrets.shared.token", _SHARED)
    made.write("acme", whole("acme"))
    made.write("globex", whole("globex"))
    return made


def _set(program: Walled, path: str, value: str) -> None:
    program.stack.set_config(path, ConfigValue(value, secret=True), path=True)


def _declare(program: Walled) -> None:
    _set(program, "tenantSecrets.acme.git-login.token", _TOKEN)
    _set(program, "tenantSecrets.acme.images.password", _PASSWORD)
    program.write("acme", _ACME)


def _leaks(text: str) -> list[str]:
    plain = [_TOKEN, _LATER, _PASSWORD, _SHARED, f"robot:{_PASSWORD}"]
    return [each for each in plain if each in text or base64.b64encode(each.encode()).decode() in text]


def test_the_whole_life_of_a_secret(program: Walled) -> None:
    program.up()
    made = len(program.calls)
    _declare(program)
    program.up()
    assert set(program.preview()) == {"same"}
    calls = [(call.verb, call.kind, call.name) for call in program.calls[made:]]
    agent = calls.index(("update", "Release", "acme-agent"))
    assert {calls.index(("create", "Secret", name)) < agent for name in ("git-login", "images")} == {True}
    assert not [call for call in calls if call[2].startswith("globex")]

    made, program.said = len(program.calls), ""
    _set(program, "tenantSecrets.acme.git-login.token", _LATER)
    planned = {urn.rpartition("::")[2]: done for urn, done in program.planned().items() if done != "same"}
    assert planned == {"acme/git-login": "update", "acme-agent": "update"}
    program.preview()
    # Which Secret changes is to be read, and what of the release; no value is.
    assert "acme/git-login" in program.said
    assert re.search(r'value *: "[0-9a-f]{16}" => "[0-9a-f]{16}"', program.said)
    program.up()
    changes = [(call.verb, call.kind, call.name) for call in program.calls[made:]]
    assert changes == [("update", "Secret", "git-login"), ("update", "Release", "acme-agent")]

    made = len(program.calls)
    _set(program, "tenantSecrets.acme.images.password", f"{_PASSWORD}-2")
    program.up()
    # No pod holds it: a node asks for it when it pulls.
    assert [(call.verb, call.kind, call.name) for call in program.calls[made:]] == [("update", "Secret", "images")]

    made = len(program.calls)
    program.write("acme", whole("acme"))
    program.stack.remove_config("tenantSecrets", path=False)
    program.up()
    calls = [(call.verb, call.kind, call.name) for call in program.calls[made:]]
    assert calls.index(("update", "Release", "acme-agent")) < calls.index(("delete", "Secret", "git-login"))
    assert set(program.preview()) == {"same"}
    assert _leaks(program.state_text() + program.command("stack", "export", "--stack", "test") + program.said) == []


def test_what_runs_waits_for_it(program: Walled) -> None:
    """By what it depends on; and it waits for the isolation of its namespace itself."""
    _declare(program)
    program.up()
    known = {each["urn"]: each for each in program.exported().values()}

    def behind(urn: str) -> set[str]:
        found = set(known[urn].get("dependencies", []))
        return found.union(*map(behind, found))

    releases = [urn for urn in known if ":Release::acme-" in urn]
    assert len(releases) == 2
    for urn in releases:
        assert {"acme/git-login", "acme/images"} <= {each.rpartition("::")[2] for each in behind(urn)}
    (server,) = [urn for urn in known if ":Release::clearml-enterprise" in urn]
    assert "clearml/shared" in {each.rpartition("::")[2] for each in behind(server)}
    secrets = [urn for urn in known if "core/v1:Secret::acme/" in urn]
    assert all("acme-default-deny" in {each.rpartition("::")[2] for each in behind(urn)} for urn in secrets)
    assert {str(known[urn]["deletedWith"]).rpartition("::")[2] for urn in secrets} == {"acme"}


@pytest.mark.parametrize(
    ("path", "tenant", "says"),
    [
        (
            "tenantSecrets.acme.git-login.token",
            {**_ACME, "secrets": {"git-login": {"keys": ["token", "ca.pem"]}}},
            "secrets.git-login: has no value 'ca.pem' in the stack's file; set it with: "
            "pulumi config set --stack test --secret --path 'tenantSecrets.acme.git-login[\"ca.pem\"]'",
        ),
        (
            "tenantSecrets.acme.git-login.token",
            whole("acme"),
            "or remove it with: pulumi config rm --stack test --path tenantSecrets.acme.git-login.token",
        ),
    ],
)
def test_a_name_without_a_value_and_a_value_without_a_name(
    program: Walled, path: str, tenant: dict[str, Any], says: str
) -> None:
    _set(program, path, _TOKEN)
    program.write("acme", tenant)
    with pytest.raises(CommandError) as error:
        program.preview()
    assert says in str(error.value)
    assert _leaks(str(error.value)) == []
