"""Every check is in the one registry, and what they find comes once, in one order, whatever order they run in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.value_conflicts import CHECKS
from settings.check_command import run as command
from settings.check_registry import Check, run
from settings.facts import Facts
from settings.finding import WARNING, Finding, Where, setting
from settings.loading import checks as of_files

ROOT = Path(__file__).resolve().parents[4]
# They say what is wrong with a part for a check beside them.
_SHARED = {
    *("settings/checks/pod_data.py", "settings/checks/public_domains.py", "settings/checks/network/networks.py"),
    "settings/checks/sign_in/x509.py",
    *(f"settings/checks/pod_shape/{name}.py" for name in ("fields", "resources", "restricted")),
    *(
        f"settings/checks/tenant_rules/pods/{name}.py"
        for name in ("identity", "marks", "programs", "room", "rules", "setting_files", "variables")
    ),
}
_FACTS = Facts("test", None)


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def _functions() -> Iterator[tuple[str, str]]:
    for folder in ("settings", "components"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("check_"):
                    yield _module(file), node.name


def test_every_check_is_in_the_registry() -> None:
    found = set(_functions()) - {("settings.checks.network.networks", "check_network")}
    assert {(each.module, each.name) for each in CHECKS} == found


def test_every_module_of_checks_registers_one() -> None:
    files = {file for file in (ROOT / "settings" / "checks").rglob("*.py") if file.name != "__init__.py"}
    modules = {_module(file) for file in files if file.relative_to(ROOT).as_posix() not in _SHARED}
    assert modules <= {each.module for each in of_files.CHECKS}


def test_each_says_what_it_makes_sure_of() -> None:
    descriptions = [each.description for each in CHECKS]
    assert len(set(descriptions)) == len(descriptions)
    assert all(0 < len(each) < 100 and not each.endswith(".") for each in descriptions)


def test_the_command_lists_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["--list"], CHECKS) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CHECKS)
    assert all((ROOT / line.partition(":")[0]).is_file() for line in lines)


def _checks(*found: tuple[str, Finding]) -> list[Check]:
    return [Check("", lambda _, finding=finding: [finding], precedence) for precedence, finding in found]  # type: ignore[arg-type,misc]


def test_a_finding_comes_once_and_in_the_order_of_files_and_keys() -> None:
    one, two = Finding(setting("acme", "b"), "x"), Finding(setting("acme", "a"), "y", WARNING)
    of_stack = Finding(setting("", "z"), "x")
    found = run(_FACTS, _checks(("usual", one), ("usual", two), ("usual", one), ("usual", of_stack)))
    assert [str(each) for each in found] == [
        "config/Pulumi.test.yaml: clearml-tenants:stack.z: x",
        "config/tenants/test/acme.yaml: acme: a: y",
        "config/tenants/test/acme.yaml: acme: b: x",
    ]


def test_where_a_key_is_told_what_is_last_is_silent_about_it_and_below() -> None:
    one = Finding(setting("acme", "agent"), "x")
    below, beside = Finding(setting("acme", "agent.queues"), "y"), Finding(setting("acme", "agents"), "y")
    found = run(_FACTS, _checks(("last", below), ("last", beside), ("usual", one)))
    assert [each.where.key for each in found] == ["agent", "agents"]


def test_a_warning_silences_no_error() -> None:
    """A warning about a pod template had every wall below it silent, whoever came first."""
    warned = Finding(setting("acme", "agent.basePodTemplate"), "x", WARNING)
    refused = Finding(setting("acme", "agent.basePodTemplate.nodeName"), "y")
    for found in ((warned, refused), (refused, warned)):
        (told,) = run(_FACTS, _checks(*(("last", each) for each in found)))
        assert told.is_error


def test_what_is_first_decides_alone_at_its_key() -> None:
    one, other = Finding(setting("acme", "workers"), "x"), Finding(setting("acme", "workers"), "y")
    assert [each.message for each in run(_FACTS, _checks(("usual", one), ("first", other)))] == ["y"]


def test_a_finding_keeps_the_file_that_it_names() -> None:
    where = Where("config/other.yaml", "", "key")
    assert run(_FACTS, _checks(("usual", Finding(where, "x"))))[0].where == where
