"""`make check`: every stack's files, no engine, no secret; a line a fault, all of them, and an exit code."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, TENANT, WITH_ADDRESSES, project

ROOT = Path(__file__).resolve().parents[4]
_TABLES = {"tenant.yaml": (ACME, TENANT), "features.yaml": (ACME, TENANT), "stack.yaml": (STACK_FILE, STACK),
           "groups.yaml": (STACK_FILE, STACK), "second_tenant.yaml": (BETA, SECOND)}  # fmt: skip
_ENTRIES = [
    (file, base.replace(entry["change"], entry["to"]), f"{file}: {_who}{entry['says']}")
    for table, (file, base) in _TABLES.items()
    for _who in [{ACME: "acme: ", BETA: "beta: "}.get(file, "")]
    for entry in yaml.safe_load((Path(__file__).parents[2] / "malformed" / table).read_text())
]


def check(root: Path, *stacks: str, module: str = "operations.check") -> subprocess.CompletedProcess[str]:
    """As the make target runs it, with nothing of the engine around."""
    command = [sys.executable, "-m", module, "--root", str(root), *stacks]
    return subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False)


def test_the_repositorys_own_stacks_are_sound() -> None:
    """But for the placeholders of the examples, none of which stands in the laptop's."""
    told = check(ROOT)
    assert told.returncode == 0
    assert [line for line in told.stderr.splitlines() if "is a placeholder and no encrypted secret" not in line] == []
    assert "local: 1 tenants, 0 warnings" in told.stdout


def test_there_is_a_line_for_each_of_many_mistakes() -> None:
    assert len({(file, text) for file, text, _ in _ENTRIES}) >= 80


@pytest.mark.parametrize(("file", "text", "line"), _ENTRIES[::12])
def test_a_mistake_is_one_line_and_a_failure(tmp_path: Path, file: str, text: str, line: str) -> None:
    told = check(project(tmp_path, {file: text}))
    assert told.returncode == 1
    assert told.stderr == f"error: {line}\n"
    assert told.stdout == ""


def test_free_values_that_clash_are_told_beside_every_other_mistake(tmp_path: Path) -> None:
    """Also of a stack with a tenant whose file cannot be read: all is told at once."""
    extra = "      extraValues: {clearml: {cookieDomain: x}}\n"
    text = TENANT.replace("agent:\n", "agent:\n  extraValues: {agentk8sglue: {createQueues: false}}\n")
    gateway = ", extraEnvs: [{name: CLEARML_TENANTS_SETTINGS, value: x}]}"
    text = text.replace("router.acme.clearml.example.com}", f"router.acme.clearml.example.com{gateway}")
    told = check(project(tmp_path, {STACK_FILE: f"{STACK}{extra}", ACME: text, BETA: "- x\n"}))
    said = "is set by this program from its own settings; change {}, and take it out here"
    rolls = "is set by this program, which restarts pods by it when something of theirs changes; take it out here"
    assert told.returncode == 1
    assert told.stderr.splitlines() == [
        f"error: {STACK_FILE}: clearml-tenants:stack.server.extraValues.clearml.cookieDomain: "
        + said.format("baseDomain"),
        f"error: {ACME}: acme: agent.extraValues.agentk8sglue.createQueues: "
        + said.format("the agent's own key of that name"),
        f"error: {ACME}: acme: gateway.extraEnvs[0].name: 'CLEARML_TENANTS_SETTINGS' {rolls}",
        f"error: {BETA}: beta: must hold `key: value` lines, not a list at the top",
    ]


def test_a_secret_that_this_program_sets_itself_is_told_once(tmp_path: Path) -> None:
    """To take it out is what helps; a Secret of the cluster in its place would clash as well."""
    told = check(
        project(tmp_path, {STACK_FILE: f"{STACK}      extraValues: {{clearml: {{apiserverSecret: hunter2}}}}\n"})
    )
    (line,) = told.stderr.splitlines()
    assert "extraValues.clearml.apiserverSecret: is set by this program" in line
    assert "hunter2" not in line


def test_the_files_can_be_checked_by_themselves(tmp_path: Path) -> None:
    root = project(tmp_path, {ACME: TENANT.replace("Acme Inc.", "A")})
    assert check(root, module="settings").stderr == check(root).stderr != ""


def test_mistakes_of_all_stacks_are_told_at_once(tmp_path: Path) -> None:
    wrong = STACK.replace("kubeContext:", "kubecontext:")
    root = project(tmp_path, {ACME: TENANT.replace("Acme Inc.", "A"), "config/Pulumi.other.yaml": wrong})
    told = check(root)
    assert told.returncode == 1
    assert [line.split(": ")[1] for line in told.stderr.splitlines()] == ["config/Pulumi.other.yaml", ACME]


def test_one_stack_can_be_checked_alone(tmp_path: Path) -> None:
    root = project(tmp_path, {"config/Pulumi.other.yaml": "nonsense"})
    assert check(root, "test").returncode == 0
    assert check(root, "other").returncode == 1
    told = check(root, "prod")
    assert told.stderr == "error: config/Pulumi.prod.yaml: no such file; stacks here: other, test\n"


def test_a_warning_is_told_and_fails_nothing(tmp_path: Path) -> None:
    told = check(project(tmp_path, {STACK_FILE: WITH_ADDRESSES, ACME: f"{TENANT}features: [experiments]\n"}))
    text = "features[0]: 'experiments' is deprecated and has no effect: everybody has it; remove it"
    assert (told.returncode, told.stderr) == (0, f"warning: {ACME}: acme: {text}\n")
    assert told.stdout == "test: 2 tenants, 1 warnings\n"


def test_a_thousand_tenants_are_checked_while_one_waits(tmp_path: Path) -> None:
    """Half a second to a whole one; measured as the command's own time, since a busy machine makes anything wait."""
    tenants: dict[str, str | bytes] = {
        f"config/tenants/test/t{number}.yaml": TENANT.replace("acme", f"t{number}")
        .replace("Acme", f"Company {number}")
        .replace("@partner", f"@partner{number}")
        for number in range(998)
    }
    root = project(tmp_path, {STACK_FILE: WITH_ADDRESSES, **tenants})
    assert min(_seconds_of_check(root) for _ in range(3)) < 3


def _seconds_of_check(root: Path) -> float:
    """Of the processor; what runs beside it makes one and the same check cost twice as much."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = check(root)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (told.returncode, told.stdout) == (0, "test: 1000 tenants, 0 warnings\n")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
