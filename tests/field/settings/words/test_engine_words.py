"""Words of YAML in the stack's file, which the engine reads too: nothing passes the check that stops each run of it.

`make check` took them, and `make up` said that the engine had been started with another value, with --config-file.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.toolchain import install_tools
from settings.loading.agreement import _settings
from settings.types.yaml_words.engine_words import is_date, key, meaning
from tests.unit.asked import STACK, STACK_FILE, load_project, refusal

# As pulumi 3.276 says in `pulumi config --json`.
WORDS: dict[str, object] = {
    **{"0o17": 15, "-0o7": -7, "0O17": 15, "08": 8, "09": 9, "0777": 511, "0x1F": 31, "0X1F": 31, "0b1": 1},
    **{"1e3": 1000, "1E3": 1000, "1e+3": 1000, "1.e3": 1000, "1.5e+3": 1500, "1_000": 1000, "7.0": 7, "1.10": 1.1},
    **{each: each for each in ("on", "off", "yes", "no", "y", "N", "12:30", "190:20:30", "0o8", "0b12", "1.20.3")},
    **{"true": True, "False": False, "~": None, "null": None},
}
DATES = ("2024-01-15", "2024-1-5", "2024-01-01T00:00:00Z", "2024-01-01 10:00:00")
VARIABLE = "server.apiserver.extraEnvs[0].value"


def with_server(line: str) -> str:
    return STACK.replace("      supervisor:", f"      {line}\n      supervisor:")


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_what_it_is_to_the_engine(word: str) -> None:
    found = meaning(word)
    assert (found, isinstance(found, bool)) == (WORDS[word], isinstance(WORDS[word], bool))


@pytest.mark.parametrize("word", WORDS)
def test_what_passes_in_a_chart_s_values_stops_no_run(tmp_path: Path, word: str) -> None:
    stack = with_server(f"extraValues: {{apiserver: {{x: {word}, y: [{word}]}}}}")
    environment = load_project(tmp_path, {STACK_FILE: stack})

    class Engine:
        def get_object(self, _name: str) -> Mapping[str, Any]:
            held: dict[str, Any] = environment.stack.model_dump(mode="json", by_alias=True)
            held["server"]["extraValues"] = {"apiserver": {"x": WORDS[word], "y": [WORDS[word]]}}
            return held

    assert _settings(Engine()) == environment.as_engine_reads  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["0o17", "1e3", "1E3", "08", "-0o7", "0X1F"])
def test_a_text_that_is_a_number_to_the_engine_is_refused(tmp_path: Path, word: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: with_server(f"apiserver: {{extraEnvs: [{{name: A, value: {word}}}]}}")})
    assert said == (
        f"{STACK_FILE}: clearml-tenants:stack.{VARIABLE}: is a number to the engine, which reads this file too; "
        "put it in quotes if it is a text"
    )


@pytest.mark.parametrize("word", ["12:30", "190:20:30"])
def test_a_number_that_is_a_text_to_the_engine_is_refused(tmp_path: Path, word: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: with_server(f"applications: {{maxPods: {word}}}")})
    assert "is a text to the engine" in said


@pytest.mark.parametrize("word", DATES)
@pytest.mark.parametrize(
    "line", ["apiserver: {extraEnvs: [{name: A, value: %s}]}", "extraValues: {apiserver: {x: %s}}"]
)
def test_a_date_is_refused_wherever_it_stands(tmp_path: Path, word: str, line: str) -> None:
    assert is_date(word)
    assert "is a date to the engine" in refusal(tmp_path, {STACK_FILE: with_server(line % word)})


def test_a_key_is_read_so_too(tmp_path: Path) -> None:
    assert (key("on"), key("0777"), key("1.50"), key("true")) == ("on", "511", "1.5", "true")
    said = refusal(tmp_path, {STACK_FILE: with_server("extraValues: {apiserver: {2024-01-15: 1}}")})
    assert "apiserver.2024-01-15: is a date to the engine" in said


@pytest.mark.parametrize("word", [*DATES, "0o17", "1e3", "12:30"])
def test_in_quotes_each_is_a_text(tmp_path: Path, word: str) -> None:
    stack = with_server(f"extraValues: {{apiserver: {{x: '{word}'}}}}")
    assert load_project(tmp_path, {STACK_FILE: stack}).stack.server.extra_values == {"apiserver": {"x": word}}


def test_no_value_is_repeated(tmp_path: Path) -> None:
    """It may be a password."""
    said = refusal(
        tmp_path,
        {
            STACK_FILE: STACK.replace("      supervisor:", "      cookieName: 12345e6\n      supervisor:", 1).replace(
                "      cookieName: clearml_token_basic\n", ""
            )
        },
    )
    assert "12345e6" not in json.dumps(said)


def test_the_engine_itself_says_so(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("{name: p, runtime: python}\n")
    lines = "".join(f"    k{n}: {word}\n" for n, word in enumerate(WORDS))
    pulumi = str(install_tools(["pulumi"])["pulumi"].path)
    place = {"PULUMI_HOME": str(tmp_path), "PULUMI_BACKEND_URL": f"file://{tmp_path}", "HOME": str(tmp_path)}
    environment = {**place, "PULUMI_CONFIG_PASSPHRASE": "x", "PULUMI_SKIP_UPDATE_CHECK": "true"}

    def run(*command: str) -> str:
        return subprocess.run(
            [pulumi, *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout

    run("stack", "init", "test")
    with (tmp_path / "Pulumi.test.yaml").open("a") as file:
        file.write(f"config:\n  p:words:\n{lines}")
    found = json.loads(run("config", "--json", "--stack", "test"))["p:words"]["objectValue"]
    assert [found[f"k{n}"] for n in range(len(WORDS))] == list(WORDS.values())
