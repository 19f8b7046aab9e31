"""`make ready`: placeholders, whether the stack is initialised, and whether this shell decrypts."""

from __future__ import annotations

import json

import pytest

from operations.readiness.engine_questions import decrypted, initialised, placeholders
from tests.operations.readiness.place import SECRET, Place, lines


def test_a_placeholder_is_a_line_with_its_command(place: Place) -> None:
    assert lines(placeholders(place.environment())) == ["ok files: sound, 2 tenants, no placeholder"]
    assert lines(placeholders(place.environment(key="v1:aaa => replace-me"))) == [
        "missing files: config/Pulumi.test.yaml: clearml-tenants:apiserverKey is a placeholder and no encrypted secret "
        "(the engine says: bad value): pulumi config set --stack test --secret apiserverKey"
    ]


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("echo '{}'", "ok stack: initialised, nothing deployed"),
        ("echo '{\"server\": {}}'", "ok stack: initialised, something is deployed"),
        (
            "echo \"error: no stack named 'test' found\" >&2; exit 255",
            "missing stack: pulumi stack: no stack named 'test' found: pulumi stack init test",
        ),
        (
            "echo 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2; exit 255",
            "missing stack: pulumi stack: PULUMI_ACCESS_TOKEN must be set for login: "
            'pulumi login "$PULUMI_BACKEND_URL"',
        ),
        ("exec sleep 30", "missing stack: pulumi stack: no end within 1 s: pulumi stack select test"),
    ],
)
def test_whether_the_stack_is_initialised(place: Place, script: str, line: str) -> None:
    place.environment()
    answers, _ = initialised(place.pulumi(script))
    assert lines(answers) == [line]


def test_an_engine_that_is_not_there(place: Place) -> None:
    place.environment()
    (line,) = lines(initialised(place.stack)[0])
    assert line.startswith("missing stack: pulumi is not on PATH: install Pulumi")


def test_whether_this_shell_decrypts_and_nothing_of_it_is_printed(place: Place) -> None:
    place.environment()
    values = json.dumps({"clearml-tenants:apiserverSecret": {"value": SECRET}})
    answers, found = decrypted(place.pulumi(f"echo '{values}'"))
    assert lines(answers) == ["ok secrets: set, and this shell can decrypt them"]
    assert found == {"apiserverSecret": SECRET}
    wrong = "echo 'error: getting secrets manager: passphrase must be set' >&2; exit 255"
    answers, found = decrypted(place.pulumi(wrong))
    assert str(answers[0]).endswith(": export PULUMI_CONFIG_PASSPHRASE=…")
    assert found is None
