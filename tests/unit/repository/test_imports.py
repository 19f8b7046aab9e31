"""What no process of a run may import: it takes longer than what the process is started for."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

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
    "make up": ["operations.deployment.__main__"],
}


def _modules(imported: Iterable[str]) -> set[str]:
    """Every module that a new process has once it has imported these."""
    code = f"import sys, {', '.join(imported)}\nprint(*(name for name, each in sys.modules.items() if each))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("process", _IMPORTED)
def test_a_run_imports_nothing_that_takes_longer_than_it_is_worth(process: str) -> None:
    modules = _modules([name for name in _IMPORTED[process] if name != "__future__"])
    assert "components.clearml" in modules or process == "make up"
    assert sorted(modules & {*_NEVER}) == []


def test_language_host_does_without_the_sdk() -> None:
    """Its process is started twice a run, and of the SDK it needs the engine's protocol alone."""
    modules = _modules(["local.plugins.language.__main__"])
    assert "pulumi.runtime.proto.language_pb2" in modules
    assert "pulumi.output" not in modules
