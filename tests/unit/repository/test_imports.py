"""What no process of a run may import: it takes longer than what the process is started for."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.unit.asked import project

ROOT = Path(__file__).resolve().parents[3]
# Pulumi's classes of all kinds of Kubernetes, half a second of CPU; what httpx needs for its own command line.
_NEVER = (
    "pulumi_kubernetes.core.v1._inputs",
    "pulumi_kubernetes.helm.v3.helm",
    "rich",
    "pygments",
    "operations.adoption",
)
_MAIN = ast.walk(ast.parse((ROOT / "__main__.py").read_text()))
_IMPORTED = {
    "the program": [node.module or "" for node in _MAIN if isinstance(node, ast.ImportFrom)],
    "the provider": ["pulumi.dynamic", "components.clearml.state", "components.clearml.company.resource"],
    "make up": ["operations.deployment.__main__", "operations.deployment.environment", "components.value_conflicts"],
}
# What reads and checks files, or speaks with the engine as a program does: half a second of CPU together.
_SLOW = {"pydantic", "pulumi", "grpc", "httpx", "asyncio"}


def _modules(imported: Iterable[str]) -> set[str]:
    """Every module that a new process has once it has imported these."""
    code = f"import sys, {', '.join(imported)}\nprint(*(name for name, each in sys.modules.items() if each))"
    return set(_said(code).split())


def _said(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("process", _IMPORTED)
def test_a_run_imports_nothing_that_takes_longer_than_it_is_worth(process: str) -> None:
    modules = _modules([name for name in _IMPORTED[process] if name != "__future__"])
    assert "components.clearml" in modules or process == "make up"
    assert sorted(modules & {*_NEVER}) == []


def test_make_up_asks_the_engine_before_it_imports_what_judges_the_answers() -> None:
    """Each question is a process of its own, so all of it is beside the other."""
    modules = _modules(["operations.deployment.__main__"])
    assert "operations.deployment.answers" in modules
    assert modules & _SLOW == set()


def test_make_up_checks_files_without_the_sdk() -> None:
    modules = _modules(_IMPORTED["make up"])
    assert "settings.loading.load" in modules
    assert modules & _SLOW == {"pydantic"}


def test_checks_of_a_stack_without_free_values_need_no_sdk(tmp_path: Path) -> None:
    """With them, the values are made, whose types are the SDK's."""
    root = project(tmp_path / "plain")
    code = f"""
import sys
from pathlib import Path
from operations.deployment.up import ValidFiles
ValidFiles.read(Path({str(root)!r}), "test")
print("pulumi" in sys.modules)
"""
    assert _said(code) == "False"
    stack = root / "config" / "Pulumi.test.yaml"
    stack.write_text(f"{stack.read_text()}      extraValues: {{mine: 1}}\n")
    assert _said(code) == "True"


def test_nothing_is_made_to_validate_answers_before_one_comes() -> None:
    """Each process of a run made it for every call there is: a twentieth of a second of CPU."""
    code = """
from components.clearml.api import models
print(*(name for name, each in vars(models).items() if getattr(each, "__pydantic_complete__", False)))
"""
    assert _said(code) == ""


def test_few_models_of_settings_are_made_twice() -> None:
    """Once for themselves, and once as a part of the stack's or a tenant's file."""
    code = """
import settings.models.stack_file, settings.models.tenant
from settings.models.base import Settings
def below(model):
    return [model, *(each for one in model.__subclasses__() for each in below(one))]
print(*(each.__pydantic_complete__ for each in below(Settings)))
"""
    made = _said(code).split()
    assert made.count("True") * 2 < len(made)


def test_language_host_does_without_the_sdk() -> None:
    """Its process is started twice a run, and of the SDK it needs the engine's protocol alone."""
    modules = _modules(["local.plugins.language.__main__"])
    assert "pulumi.runtime.proto.language_pb2" in modules
    assert "pulumi.output" not in modules
