"""A tenant's identity provider on the real engine: no secret in plain text, nothing lost by a renamed file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pytest
from pulumi import automation

from components.clearml.company.resource import Company
from components.clearml.sso.resource import Sso
from local.emulator.store.sso import digest
from tests.api.signing_in import CONFIGURATION
from tests.api.stack import PROJECT, Stack
from tests.emulator import Emulator

SECRET = "first-pa55phrase"
NEXT = "second-pa55phrase"


@dataclass
class Declared:
    """One tenant; `file` is what its file is called."""

    file: str = "acme"
    tenant: str = "acme-ext"
    sso: bool = True

    def __call__(self) -> None:
        parent = pulumi.ComponentResource("clearml:tenant:Tenant", self.file)
        under = pulumi.ResourceOptions(parent=parent)
        company = Company(self.file, "Acme", "admin@acme.example", under)
        if not self.sso:
            return
        secret = pulumi.Config(PROJECT).require_object("ssoClientSecrets")["acme"]
        made = Sso(
            "admin@acme.example", company.company_id, self.tenant, secret, configuration=CONFIGURATION, opts=under
        )
        pulumi.export("tenant", made.tenant)
        pulumi.export("whole", {"configuration": made.configuration, "secret": made.client_secret})


@pytest.fixture
def declared() -> Declared:
    return Declared()


@pytest.fixture
def stack(tmp_path: Path, engine: Path, emulator: Emulator, declared: Declared) -> Stack:
    folder = tmp_path / "stack"
    folder.mkdir()
    stack = Stack(folder, engine, emulator, declared)
    _set(stack, SECRET)
    return stack


def _set(stack: Stack, secret: str) -> None:
    stack.stack.set_config("ssoClientSecrets.acme", automation.ConfigValue(secret, secret=True), path=True)


def _held(emulator: Emulator) -> tuple[str, list[str]]:
    """The company's id, and the digests of the client secrets the server has of it."""
    (company,) = [each["id"] for each in emulator.state()["companies"] if each["name"] == "Acme"]
    (found,) = [each["providers"] for each in emulator.state()["sso"] if each["company"] == company]
    return company, [each["secret_digest"] for each in found]


def test_no_secret_in_state_output_or_preview(stack: Stack, emulator: Emulator) -> None:
    """Made, refreshed, changed by hand and refreshed, given another secret, removed: never in plain text."""
    assert stack.up() == {"create": 4}
    company, held = _held(emulator)
    assert held == [digest(company, SECRET)]
    assert stack.refresh() == {"same": 4}
    body = {"ids": [company], "active": False, "company": company}
    emulator.data_of("sso.set_provider_configurations_active", body)
    stack.refresh()
    stack.said = ""
    stack.preview()
    assert '~ condition    : "switched off" => "as declared"' in stack.said
    _set(stack, NEXT)
    stack.preview()
    assert stack.up() == {"same": 3, "update": 1}
    assert _held(emulator) == (company, [digest(company, NEXT)])
    stack.refresh()
    emulator.clear_calls()
    assert stack.up() == {"same": 4}
    assert emulator.calls() == []
    kept = stack.state_text() + stack.said + (stack.folder / "work" / "Pulumi.test.yaml").read_text()
    assert "clearml-acme" in kept
    assert not [secret for secret in (SECRET, NEXT) if secret in kept]


def test_a_renamed_file_keeps_the_provider(stack: Stack, emulator: Emulator, declared: Declared) -> None:
    """The old resource would be deleted last, and with it what the new one has just saved."""
    stack.up()
    before = _held(emulator)
    declared.file = "acme-corp"
    emulator.clear_calls()
    stack.up()
    assert _held(emulator) == before
    assert not [call for call in emulator.calls() if call["endpoint"].startswith("sso.")]
    assert stack.up() == {"same": 4}


def test_a_file_that_says_nothing_more_of_it_deletes_it_and_says_what_stays(
    stack: Stack, emulator: Emulator, declared: Declared
) -> None:
    stack.up()
    declared.sso = False
    assert stack.up() == {"same": 3, "delete": 1}
    assert _held(emulator)[1] == []
    assert "give that id to no other tenant" in stack.said
