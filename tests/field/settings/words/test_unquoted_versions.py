"""A version without quotes: YAML makes a number of it, and a chart writes another tag than the file says."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.toolchain import install_tools
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, refusal

# What is written, and what a template of the chart prints.
LOST = {
    **{"7.0": "7", "1.10": "1.1", "3.30": "3.3", "0o17": "15", "017": "15", "08": "8", "1_000": "1000", "1e3": "1000"},
    **{"20240115": "2.0240115e+07", "1234567": "1.234567e+06", "1000000": "1e+06", "12e4": "120000", ".5": "0.5"},
    **{"on": "true", "yes": "true", "off": "false", "n": "false", "True": "true", "1.5e-7": "1.5e-07", "+7": "7"},
}
KEPT = (
    "7",
    "1.1",
    "2024",
    "123456",
    "0",
    "true",
    "1.20.3",
    "v7.0",
    "7.0-gpu",
    "12:30",
    "0o8",
    "~",
    "'7.0'",
    '"on"',
    "''",
)
GRANTED = STACK + "    tenantRules: {tenants: {acme: {chartValues: [agentk8sglue.image]}}}\n"


def tenant(values: str) -> str:
    return TENANT.replace("agent:\n", f"agent:\n  extraValues: {values}\n")


@pytest.mark.parametrize("word", LOST)
def test_a_tag_that_would_become_another_is_refused(tmp_path: Path, word: str) -> None:
    files: dict[str, str | bytes] = {
        STACK_FILE: GRANTED,
        ACME: tenant(f"{{agentk8sglue: {{image: {{tag: {word}}}}}}}"),
    }
    assert refusal(tmp_path, files) == (
        f"{ACME}: acme: agent.extraValues.agentk8sglue.image.tag: {word} is no text to YAML, and the chart would "
        f"write {LOST[word]}; put it in quotes, like tag: '{word}'"
    )


@pytest.mark.parametrize("key", ["tag", "imageTag", "version", "appVersion", "image_tag", "cudaVersion", "digest"])
def test_whatever_the_chart_calls_a_version(tmp_path: Path, key: str) -> None:
    values = f"      extraValues: {{apiserver: {{image: {{{key}: 7.0}}}}}}\n      supervisor:"
    said = refusal(tmp_path, {STACK_FILE: STACK.replace("      supervisor:", values)})
    at = f"{STACK_FILE}: clearml-tenants:stack.server.extraValues.apiserver.image.{key}"
    assert said == f"{at}: 7.0 is no text to YAML, and the chart would write 7; put it in quotes, like {key}: '7.0'"


@pytest.mark.parametrize("word", KEPT)
def test_what_arrives_as_it_is_written_is_left_alone(tmp_path: Path, word: str) -> None:
    files: dict[str, str | bytes] = {
        STACK_FILE: GRANTED,
        ACME: tenant(f"{{agentk8sglue: {{image: {{tag: {word}}}}}}}"),
    }
    assert load_project(tmp_path, files)


@pytest.mark.parametrize("key", ["replicaCount", "percentage", "stage", "vantage"])
def test_a_number_may_be_written_as_one_likes(tmp_path: Path, key: str) -> None:
    values = f"      extraValues: {{apiserver: {{{key}: 1.0}}}}\n      supervisor:"
    assert load_project(tmp_path, {STACK_FILE: STACK.replace("      supervisor:", values)})


def test_helm_itself_writes_so(tmp_path: Path) -> None:
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("{apiVersion: v2, name: chart, version: 0.1.0}\n")
    lines = "".join(f'k{n}: "{{{{ .Values.k{n} }}}}"\n' for n in range(len(LOST)))
    (chart / "templates" / "values.yaml").write_text(lines)
    (tmp_path / "values.yaml").write_text("".join(f"k{n}: {word}\n" for n, word in enumerate(LOST)))
    helm = str(install_tools(["helm"])["helm"].path)
    command = [helm, "template", "x", str(chart), "-f", str(tmp_path / "values.yaml")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = dict(line.split(": ") for line in shown.splitlines() if line.startswith("k"))
    assert [found[f"k{n}"].strip('"') for n in range(len(LOST))] == list(LOST.values())
