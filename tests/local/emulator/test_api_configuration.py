"""The environment is parsed as the real server parses it: what is wrong there fails here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local.emulator.configuration.effective import read_configuration
from local.emulator.configuration.environment import EnvironmentValueError, read_environment
from tests.emulator import DEFAULT_COMPANY, ROOT, Emulator, EmulatorNotStartedError, start_emulator
from tests.local.tenants import fault_of

_SUPERVISOR = "CLEARML__secure__credentials__supervisor__"


def test_an_unquoted_email_stops_the_start_with_one_line_that_does_not_show_it(tmp_path: Path) -> None:
    with pytest.raises(EmulatorNotStartedError) as stopped:
        start_emulator(tmp_path, {f"{_SUPERVISOR}email": "ada@planted.example.com"})
    (line,) = str(stopped.value).strip().splitlines()
    assert line.startswith(f"error: {_SUPERVISOR}email: its value is not HOCON")
    assert "planted" not in line


@pytest.mark.parametrize(
    "value", ["a@b.c", "a+b", "a=b", "a$b", "a!b", "a*b", "a&b", "a^b", "a?b", '"', "[", "{", "${no}"]
)
def test_values_that_do_not_parse_name_the_variable_only(value: str) -> None:
    with pytest.raises(EnvironmentValueError) as refused:
        read_environment({"CLEARML__a__b": value})
    assert str(refused.value).startswith("CLEARML__a__b: ")
    assert value not in str(refused.value).replace('its own "…"', "").partition(": ")[2] or len(value) == 1


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        ("true", True),
        ("10", 10),
        ("007", 7),
        ("1e5", 100000.0),
        ("null", None),
        ('["a", "b"]', ["a", "b"]),
        ('["users" "admins"]', ["users admins"]),
        ("abc#def", "abc"),
        ("12ab", "12ab"),
        ("1" * 32, int("1" * 32)),
        ('"a@b.c"', "a@b.c"),
        ('"1234"', "1234"),
        (r'"\u00fc"', r"\u00fc"),
        ("", ""),
        ('""', ""),
        ("d1bd92a3b039400cbafc60a7a5b1e52b", "d1bd92a3b039400cbafc60a7a5b1e52b"),
    ],
)
def test_values_change_type_as_hocon_says(value: str, parsed: object) -> None:
    assert read_environment({"CLEARML__a__b": value}) == {"a": {"b": parsed}}


def test_paths_are_lower_case_and_split_and_later_names_win() -> None:
    environment = {"CLEARML__A__Data_Scientists__id": "x", "TRAINS__a__data_scientists__id": "old", "OTHER__a": "no"}
    assert read_environment(environment) == {"a": {"data_scientists": {"id": "x"}}}
    assert read_environment({"CLEARML__g__my__group__id": "x"}) == {"g": {"my": {"group": {"id": "x"}}}}
    assert read_environment({"CLEARML__a__B": "1", "CLEARML__a__b": "2"}) == {"a": {"b": 2}}


def test_a_secret_cut_at_a_hash_does_not_sign_in_as_it_was_written(tmp_path: Path) -> None:
    api = start_emulator(tmp_path, {f"{_SUPERVISOR}user_secret": "abc#def"})
    assert fault_of(api.call("server.info", auth=(api.supervisor_key, "abc#def"))) == (401, 22)
    assert api.call("server.info", auth=(api.supervisor_key, "abc")).status_code == 200
    api.stop()


@pytest.mark.parametrize("secret", ["1" * 32, "12e34", "10s", "true"])
def test_a_secret_that_is_not_a_string_makes_no_key_and_says_so(tmp_path: Path, secret: str) -> None:
    api = start_emulator(tmp_path, {f"{_SUPERVISOR}user_secret": secret})
    assert fault_of(api.call("server.info", auth=(api.supervisor_key, secret))) == (401, 22)
    api.stop()
    assert "warning: secure.credentials.supervisor.user_secret: a " in api.log()
    assert secret not in api.log()


def test_a_quoted_secret_of_any_characters_signs_in(tmp_path: Path) -> None:
    secret = "p@ss word#$%&+=[]{}\\\"'`~^*!?,;<>|/ü" + "1" * 8
    api = start_emulator(tmp_path, {f"{_SUPERVISOR}user_secret": json.dumps(secret, ensure_ascii=False)})
    pair = (api.supervisor_key.encode(), secret.encode("latin-1"))
    assert api.call("server.info", auth=pair).status_code == 200
    api.stop()


def test_a_rotated_key_works_after_a_restart_and_the_old_one_does_not(emulator: Emulator) -> None:
    old = (emulator.supervisor_key, emulator.supervisor_secret)
    emulator.restart({f"{_SUPERVISOR}user_secret": '"rotated"'})
    assert fault_of(emulator.call("server.info", auth=old)) == (401, 22)
    assert emulator.call("server.info", auth=(emulator.supervisor_key, "rotated")).status_code == 200


def test_an_identity_that_is_no_longer_configured_is_gone(emulator: Emulator) -> None:
    names = ("role", "allow_login", "user_key", "user_secret", "sec_groups", "email")
    emulator.restart({f"{_SUPERVISOR}{name}": None for name in names})
    assert "__supervisor__" not in {each["id"] for each in emulator.state()["users"]}
    pair = (emulator.supervisor_key, emulator.supervisor_secret)
    assert fault_of(emulator.call("server.info", auth=pair)) == (401, 22)


def test_configured_identities_belong_to_the_default_company(emulator: Emulator) -> None:
    found = next(each for each in emulator.state()["users"] if each["id"] == "__supervisor__")
    assert (found["company"], found["role"], found["email"]) == (DEFAULT_COMPANY, "system", "supervisor@example.com")
    apiserver = next(each for each in emulator.state()["users"] if each["id"] == "__apiserver__")
    assert apiserver["email"] == "apiserver@example.com"


def test_a_misspelt_variable_has_no_effect(tmp_path: Path) -> None:
    spelling = "CLEARML__secure__credential__supervisor__user_secret"
    api = start_emulator(tmp_path, {f"{_SUPERVISOR}user_secret": None, spelling: '"x"'})
    assert fault_of(api.call("server.info", auth=(api.supervisor_key, "x"))) == (401, 22)
    api.stop()


def test_a_configured_role_that_is_none_makes_no_identity() -> None:
    configuration = read_configuration({"CLEARML__secure__credentials__extra__role": "boss"})
    assert "extra" not in {each.name for each in configuration.users}
    assert configuration.complaints == (
        "secure.credentials.extra.role: missing or not a role: this identity does not exist",
    )


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.emulator", *arguments]
    return subprocess.run(
        command, env={"PATH": "", **environment}, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )


def test_a_taken_port_is_one_line(emulator: Emulator, tmp_path: Path) -> None:
    taken = emulator.url.removeprefix("http://")
    done = run("--listen", taken, "--data", str(tmp_path / "other"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: --listen {taken}: Address already in use: stop what holds it, or give another\n"


@pytest.mark.parametrize(
    ("arguments", "environment", "line"),
    [
        (["--listen", "8008"], {}, "error: --listen 8008: give HOST:PORT, such as 127.0.0.1:8008"),
        (["--listen", "127.0.0.1:0", "--control", "0.0.0.0:0"], {}, "error: --control 0.0.0.0:0: only a loopback"),
        (["--listen", "127.0.0.1:0"], {"EMULATOR_ASSUMPTIONS": '{"nwe": 1}'}, "error: EMULATOR_ASSUMPTIONS: nwe: "),
        (["--listen", "127.0.0.1:0"], {"EMULATOR_ASSUMPTIONS": "{"}, "error: EMULATOR_ASSUMPTIONS: it: "),
    ],
)
def test_what_keeps_it_from_starting_is_one_line(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], line: str
) -> None:
    done = run(*arguments, "--data", str(tmp_path / "data"), **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_data_that_is_not_its_own_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a database, but long enough to be looked at " * 40)
    done = run("--listen", "127.0.0.1:0", "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {tmp_path}/data: file is not a database")
    assert done.stderr.count("\n") == 1
