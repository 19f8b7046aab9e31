"""Words of YAML in free values: what they are to `helm -f` they are here; our own settings stay strict."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.toolchain import install_tools
from settings.loading.agreement import _settings
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, refusal

# As helm 3.22 says in `toJson .Values`; a number is compared as JSON has it.
WORDS: dict[str, object] = {
    **dict.fromkeys(("on", "On", "ON", "yes", "Yes", "YES", "y", "Y", "true", "True", "TRUE", "!!bool yes"), True),
    **dict.fromkeys(("off", "Off", "OFF", "no", "No", "NO", "n", "N", "false", "FALSE"), False),
    **dict.fromkeys(("~", "null", "Null", "NULL"), None),
    **{each: each for each in ("oN", "yEs", "tRue", "nULL", "12:30", "190:20:30", "0:0", "2001-01-01", "=", "_1")},
    **{each: each for each in ("1.20.3", "1e", "e3", "0xG", "1e400", "0o8", "0b12", "._5", "1,000", "nan", "inf", ".")},
    **{"2001-01-01T00:00:00Z": "2001-01-01T00:00:00Z", "!!str on": "on", "'on'": "on", '"0777"': "0777"},
    **{"0777": 511, "0o7": 7, "0O7": 7, "0o777": 511, "010": 8, "08": 8, "09": 9, "0_8": 8, "07_7": 63, "-0o7": -7},
    **{"1_000": 1000, "1_0.5": 10.5, "1_": 1, "1__0": 10, "0x1F": 31, "0X1f": 31, "0x_1": 1, "0xff_ff": 65535},
    **{"0b101": 5, "-0b1": -1, "+1": 1, "-07": -7, ".5": 0.5, "5.": 5, "-.5": -0.5, "+.5": 0.5, ".5_0": 0.5},
    **{"1e3": 1000, "1E-2": 0.01, "1.e3": 1000, ".1e-2": 0.001, "1.5e+3": 1500, "1.10": 1.1, "1.0": 1, "00": 0},
    **{"123456789012345678901234567890": 123456789012345678901234567890.0, "18446744073709551615": 2**64 - 1},
}
REFUSED = (".inf", "-.Inf", ".nan", "+.INF", ".NaN")
KEYS = {"on": "true", "y": "true", "off": "false", "0777": "511", "0x10": "16", "1.50": "1.5", "12:30": "12:30"}


GRANTED = STACK + "    tenantRules: {tenants: {acme: {chartValues: [a, b]}}}\n"


def files(free: str) -> dict[str, str | bytes]:
    return {STACK_FILE: GRANTED, ACME: TENANT.replace("agent:\n", f"agent:\n  extraValues:\n    a: {free}\n")}


def free(folder: Path, value: str) -> Any:
    tenant, _ = load_project(folder, files(value)).tenants
    assert tenant.agent is not None
    return tenant.agent.extra_values["a"]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_means_what_it_means_to_helm(tmp_path: Path, word: str) -> None:
    found = free(tmp_path, f"{{b: [{word}]}}")["b"][0] if "," not in word else free(tmp_path, word)
    assert (found, isinstance(found, bool)) == (WORDS[word], isinstance(WORDS[word], bool))


@pytest.mark.parametrize("key", KEYS)
def test_a_key_means_what_it_means_to_helm(tmp_path: Path, key: str) -> None:
    assert free(tmp_path, f"{{{key}: 1}}" if ":" not in key else f"{{? {key} : 1}}") == {KEYS[key]: 1}


@pytest.mark.parametrize("word", REFUSED)
def test_what_helm_refuses_is_refused(tmp_path: Path, word: str) -> None:
    said = refusal(tmp_path, files(word))
    assert said == f"{ACME}: acme: agent.extraValues.a: {word} cannot stand here: Helm knows no such value or key"


@pytest.mark.parametrize(
    "where",
    [
        "  basePodTemplate: {a: off}\n",
        "  containerSecurityContext: {a: off}\n",
        "  monitoredResources: {a: off}\n",
        "  orchestrationDashboard: {a: off}\n",
        "  multiNode: {a: off}\n",
        "  fileMounts: [{a: off}]\n",
        "  appsQueue: {queueSettings: {a: off}}\n",
        "  appsQueue: {templateOverrides: {a: off}}\n",
    ],
)
def test_every_free_place_is_read_so(tmp_path: Path, where: str) -> None:
    stack = STACK.replace("    server:\n", "    server:\n      queueMode: per_tenant\n")
    asked: dict[str, str | bytes] = {ACME: TENANT.replace("agent:\n", f"agent:\n{where}"), STACK_FILE: stack}
    tenant, _ = load_project(tmp_path, asked).tenants
    said = json.dumps(tenant.model_dump(mode="json"))
    assert '{"a": false}' in said


def test_a_queue_and_the_stack_are_read_so(tmp_path: Path) -> None:
    queue = TENANT.replace("{default: {}}", "{default: {templateOverrides: {hostNetwork: no}}}")
    stack = STACK.replace("    server:\n", "    server:\n      extraValues: {apiserver: {x: on, 0777: 0o7}}\n")
    environment = load_project(tmp_path, {ACME: queue, STACK_FILE: stack})
    tenant, _ = environment.tenants
    assert tenant.agent is not None
    assert tenant.agent.queues["default"].template_overrides == {"hostNetwork": False}
    assert environment.stack.server.extra_values == {"apiserver": {"x": True, "511": 7}}


def test_the_engine_s_own_reading_of_the_stack_s_file_still_agrees(tmp_path: Path) -> None:
    """It knows the word as a text: that is no other file."""
    stack = STACK.replace("    server:\n", "    server:\n      extraValues: {apiserver: {x: off}}\n")
    environment = load_project(tmp_path, {STACK_FILE: stack})

    class Engine:
        def get_object(self, _name: str) -> Mapping[str, Any]:
            return environment.stack.model_dump(mode="json", by_alias=True) | {
                "server": environment.stack.server.model_dump(mode="json", by_alias=True)
                | {"extraValues": {"apiserver": {"x": "off"}}}
            }

    assert _settings(Engine()) == environment.as_engine_reads  # type: ignore[arg-type]


def test_an_alias_means_what_its_place_means(tmp_path: Path) -> None:
    """The same node, once a chart's and once ours."""
    shared = TENANT.replace(
        "agent:\n", "agent:\n  extraValues: {a: &word off, b: [*word]}\n  defaultContainerImage: *word\n"
    )
    tenant, _ = load_project(tmp_path, {STACK_FILE: GRANTED, ACME: shared}).tenants
    assert tenant.agent is not None
    assert tenant.agent.extra_values == {"a": False, "b": [False]}
    assert tenant.agent.default_container_image == "off"


def test_what_is_merged_into_free_values_is_read_so(tmp_path: Path) -> None:
    merged = TENANT.replace("agent:\n", "agent:\n  extraValues: {a: &base {x: off, 8: 1}, b: {<<: *base, y: yes}}\n")
    tenant, _ = load_project(tmp_path, {STACK_FILE: GRANTED, ACME: merged}).tenants
    assert tenant.agent is not None
    assert tenant.agent.extra_values["b"] == {"x": False, "8": 1, "true": True}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("company: Acme Inc.", "company: 0123", "company: must be a text, not a number (0123)"),
        ("company: Acme Inc.", "company: 1_000", "company: must be a text, not a number (1_000)"),
        ("company: Acme Inc.", "company: 1.10", "company: must be a text, not a number (1.10)"),
        ("company: Acme Inc.", "company: 12:30", "company: must be a text, not a number (12:30)"),
        ("company: Acme Inc.", "company: TRUE", "company: must be a text, not true or false (TRUE)"),
    ],
)
def test_our_own_settings_stay_strict_and_say_how_to_write_a_text(
    tmp_path: Path, old: str, new: str, line: str
) -> None:
    said = refusal(tmp_path, {ACME: TENANT.replace(old, new)})
    assert said.startswith(f"{ACME}: acme: {line}; put it in quotes if it is a text")


@pytest.mark.parametrize("word", ["yes", "on", "off", "no", "'true'", "1"])
def test_a_word_is_no_switch_of_ours(tmp_path: Path, word: str) -> None:
    said = refusal(tmp_path, {ACME: f"{TENANT}protect: {word}\n"})
    assert "protect: must be true or false" in said


def test_helm_itself_says_so(tmp_path: Path) -> None:
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("{apiVersion: v2, name: chart, version: 0.1.0}\n")
    (chart / "templates" / "values.yaml").write_text("v: |-\n  {{ toJson .Values }}\n")
    (tmp_path / "values.yaml").write_text("".join(f"k{n}: {word}\n" for n, word in enumerate(WORDS)))
    command = [
        str(install_tools(["helm"])["helm"].path),
        "template",
        "x",
        str(chart),
        "-f",
        str(tmp_path / "values.yaml"),
    ]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (line,) = [each for each in shown.splitlines() if each.startswith("  {")]
    found = json.loads(line)
    for n, (word, value) in enumerate(WORDS.items()):
        here = found.get(f"k{n}")
        big = isinstance(value, float) or value == 2**64 - 1
        assert here == pytest.approx(value) if big else here == value, word
