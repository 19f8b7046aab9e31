"""A command that a message proposes does what it says, on the stack that the message is about, as it is typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from operations.health.advice import remediation
from settings.finding import Finding, Where
from settings.types.secrets.commands import for_stack
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, refusal

_MALFORMED = Path(__file__).parents[1] / "malformed"
_COMMAND = re.compile(r"pulumi (?:config set|config rm|up|preview|refresh)\b[^;\n]*")
SAYS = sorted({str(entry["says"]) for path in _MALFORMED.glob("*.yaml") for entry in yaml.safe_load(path.read_text())})
COMMANDS = [found for said in SAYS for found in _COMMAND.findall(said)]


def test_there_are_many() -> None:
    assert len(COMMANDS) > 20


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_a_command_names_its_stack_and_has_no_gap(command: str) -> None:
    assert " --stack test " in command
    assert "<" not in command.removesuffix(" < its-file")


@pytest.mark.parametrize("file", ["config/Pulumi.prod.yaml", "config/tenants/prod/acme.yaml"])
def test_whoever_finds_it_need_not_know_the_stack(file: str) -> None:
    text = "is missing; set it with: pulumi config set --secret imageToken, then pulumi up --refresh"
    told = str(Finding(Where(file, "", "key"), text))
    assert "pulumi config set --stack prod --secret imageToken, then pulumi up --stack prod --refresh" in told
    assert str(Finding(Where(file, "", "key"), told)).count("--stack prod") == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pulumi up --refresh --stack dev", "pulumi up --refresh --stack dev"),
        ("pulumi config set --secret a --stack=dev", "pulumi config set --secret a --stack=dev"),
        (
            "pulumi config set --secret a, then pulumi up --refresh --stack dev",
            "pulumi config set --stack prod --secret a, then pulumi up --refresh --stack dev",
        ),
    ],
)
def test_a_stack_that_a_command_names_later_is_not_named_twice(text: str, told: str) -> None:
    assert for_stack(text, "prod") == told


def test_a_secret_that_belongs_elsewhere_is_told_by_whose_it_is(tmp_path: Path) -> None:
    provider = "{okta: {clientId: a, clientSecret: hunter2}}"
    stack = STACK.replace("      cookieName:", f"      identityProviders: {provider}\n      cookieName:")
    told = refusal(tmp_path, {STACK_FILE: stack, ACME: TENANT})
    assert told.endswith(
        "never stands here; set it with: pulumi config set --stack test --secret --path identityProviderSecrets.okta"
    )
    assert "hunter2" not in told


def test_what_helm_says_is_answered_for_the_stack() -> None:
    assert "pulumi up --stack prod --refresh" in remediation("release: not found", "acme", "prod")


@pytest.mark.parametrize("said", SAYS)
def test_each_message_says_how_to_mend_it(said: str) -> None:
    assert re.search(r"; |did you mean|known: |must be ", said)
