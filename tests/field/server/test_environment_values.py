"""A value of `extraEnvs` is what the server reads it as: told beforehand where that is something else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from local.emulator.configuration.environment import read_environment
from settings.errors import ConfigurationError
from settings.types.hocon_reading import in_quotes, misread
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, warnings_of

# Written in values files as they are, and read as something else.
MISREAD = [
    "ops@example.com",
    "0oa#b17c",
    "a // b",
    "a,b",
    "10s",
    "7d",
    "5 days",
    "1.10",
    "007",
    "1e5",
    "+5",
    "https://login.example/authorize?x=y",
    "mongodb://host/db?authSource=admin",
    "a=b",
    "a+b",
    "a&b",
    "*",
    "a!",
    "true-x",
    "a\nb: c",
    " padded ",
    '"a\\u00e9"',
    '"a\\/b"',
    'a"b"',
    '"unclosed',
    '"a" # note',
    '["users" "admins"]',
    "[a@b.example]",
    "{a: b#c}",
    "['users', 'admins']",
    "[1, 2",
    "${HOME}",
    "${?HOME}",
    '{include "/etc/hostname"}',
    "a$b",
    "$$(A)",
    "`a`",
    "'\"q\"'",
]
# Arrive as they are written.
RIGHT = [
    "true",
    "false",
    "True",
    "null",
    "10",
    "-5",
    "1.5",
    "plain",
    "a-b_c",
    "a.b.c",
    "1.2.3",
    "/a/b",
    "s3://bucket",
    "two words",
    '"ops@example.com"',
    '"0oa#b17c"',
    '"é"',
    '["users", "admins"]',
    "[users, admins]",
    "[]",
    "{}",
    '{"a": {"b": [1, "x y", null, true]}}',
    '"$(POD_NAME)"',
    "$(POD_NAME)",
    '"""a"b"""',
    "true\n",
    "é",
    "",
]
NAME = "CLEARML__services__x__y"


def _said(folder: Path, name: str, value: str, part: str = "apiserver") -> str:
    envs = f"{{extraEnvs: [{{name: {name}, value: {yaml.dump(value, default_style=chr(34), width=9999).strip()}}}]}}"
    stack = STACK.replace("    server:\n", f"    server:\n      {part}: {envs}\n")
    try:
        load_project(folder, {STACK_FILE: stack})
    except ConfigurationError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("prefix", ["CLEARML__", "ALLEGRO__", "TRAINS__"])
@pytest.mark.parametrize("value", MISREAD)
def test_what_arrives_as_something_else_is_told_with_how_to_write_it(tmp_path: Path, prefix: str, value: str) -> None:
    said = _said(tmp_path, f"{prefix}services__x__y", value)
    assert f"stack.server.apiserver.extraEnvs[0].value: {prefix}services__x__y: " in said
    assert "in quotes of its own: value: '\"" in said
    assert "\n" not in said


@pytest.mark.parametrize("value", RIGHT)
def test_what_arrives_is_left_alone(tmp_path: Path, value: str) -> None:
    assert _said(tmp_path, NAME, value) == ""


@pytest.mark.parametrize("value", [each for each in MISREAD if "$$" not in each])
def test_the_fix_arrives(value: str) -> None:
    quoted = yaml.safe_load(in_quotes(value))
    assert misread(NAME, quoted) is None or "$" in value
    assert read_environment({NAME: quoted}) == {"services": {"x": {"y": value}}}


@pytest.mark.parametrize("name", ["user_key", "client_id", "email", "user_secret", "display_name"])
@pytest.mark.parametrize("value", ["12345", "true"])
def test_a_number_in_place_of_a_text_is_told(tmp_path: Path, name: str, value: str) -> None:
    said = _said(tmp_path, f"CLEARML__secure__credentials__x__{name}", value)
    assert "is a text, and would be read as" in said or "plain text" in said


@pytest.mark.parametrize(
    ("name", "value", "word"), [("user_secret", "0oa#b17c", "b17c"), ("login__url", "https://u:pw@h/?x=1", "pw@")]
)
def test_no_secret_is_shown(tmp_path: Path, name: str, value: str, word: str) -> None:
    said = _said(tmp_path, f"CLEARML__a__{name}", value)
    assert said
    assert word not in said


@pytest.mark.parametrize("value", ["https://files.example", "text", "{a: 1}", "True", "'x'", "[1, 2"])
def test_the_web_server_wants_json(tmp_path: Path, value: str) -> None:
    said = _said(tmp_path, "WEBSERVER__fileBaseUrl", value, "webserver")
    assert "server.webserver.extraEnvs[0].value: WEBSERVER__fileBaseUrl: the web server reads this as JSON" in said


@pytest.mark.parametrize("value", ['"https://files.example"', "true", "10", '{"apiServer": "x"}', "null", "[]"])
def test_json_is_right_for_the_web_server(tmp_path: Path, value: str) -> None:
    assert _said(tmp_path, "WEBSERVER__fileBaseUrl", value, "webserver") == ""


def test_a_variable_of_another_kind_is_nobody_s_business(tmp_path: Path) -> None:
    assert _said(tmp_path, "LOGGING_LEVEL", "a@b#c") == ""


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("agent:\n", "agent:\n  extraEnvs: [{name: CLEARML__agent__x, value: a@b.example}]\n", "agent"),
        ("gateway: {", "gateway: {extraEnvs: [{name: CLEARML__x__y, value: a@b.example}], ", "gateway"),
    ],
)
def test_a_worker_s_values_are_looked_at_too(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"acme: {key}\.extraEnvs\[0\]\.value: CLEARML__.* stops whatever"):
        load_project(tmp_path, {ACME: TENANT.replace(old, new)})


def test_the_older_names_are_the_same_variable() -> None:
    """The emulator reads what the real server reads, the newest name last."""
    named = {"ALLEGRO__a__b": "1", "TRAINS__a__b": "2", "CLEARML__a__c": "3"}
    assert read_environment(named) == {"a": {"b": 2, "c": 3}}


@pytest.mark.parametrize("name", ["CLEARML__WEBSERVER__useFilesProxy", "TRAINS__webserver__x", "ALLEGRO__a__b"])
def test_what_the_web_server_does_not_read_is_a_warning(tmp_path: Path, name: str) -> None:
    envs = f"{{extraEnvs: [{{name: {name}, value: 'true'}}]}}"
    stack = STACK.replace("    server:\n", f"    server:\n      webserver: {envs}\n")
    said = "\n".join(warnings_of(tmp_path, {STACK_FILE: stack}))
    assert f"webserver.extraEnvs[0].name: {name}: the web server reads variables with WEBSERVER__ alone" in said
