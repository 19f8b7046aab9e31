"""Type tokens, labels and the parts of a URN are spelt in one place, and as the program and its states have them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from components.clearml import state
from components.clearml.credentials.key_labels import tenant_of, use_of
from settings.types import naming
from tests.tenants import whole
from tests.unit.deployment import finished, project_with, run_program, start

ROOT = Path(__file__).resolve().parents[3]
_READERS = ("components", "operations", "policy", "local/engine/events.py", "local/engine/policies.py")
_SPELT = re.compile(
    r"^(clearml:(tenant|platform):|pulumi-python:dynamic/|pulumi:providers:|kubernetes:[a-z.0-9]+/|clearml-tenants/)\S+$"
)
_TOKENS = {
    name: value
    for name, value in vars(naming).items()
    if name.isupper() and isinstance(value, str) and value.count(":") > 1
}


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _files() -> Iterator[Path]:
    for each in (ROOT / part for part in _READERS):
        found = [each] if each.is_file() else [file for file in each.rglob("*.py") if ".venv" not in file.parts]
        # The other place, and why there is one, is in tests/rehearsal/test_rehearsal_files.py.
        yield from (file for file in found if file != ROOT / "operations" / "urns.py")


def test_nobody_else_spells_a_token_or_a_label() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {text}"
        for file in _files()
        for text in _texts(ast.parse(file.read_text()))
        if _SPELT.match(text)
    }
    assert found == set()


def test_nobody_else_takes_a_urn_apart() -> None:
    found = [str(file.relative_to(ROOT)) for file in _files() if re.search(r"partition\(.::.\)", file.read_text())]
    assert found == []


def test_tokens_are_those_that_the_program_registers(tmp_path: Path) -> None:
    monitor = start()
    acme = {**whole("acme"), "isolation": {"quota": {"pods": 9}}}
    finished(lambda: run_program(project_with(tmp_path, {"acme": yaml.safe_dump(acme)})))
    registered = {each.type for each in monitor.registered}
    assert set(_TOKENS.values()) - {naming.DYNAMIC} <= registered


@pytest.mark.parametrize("name", ["COMPANY", "CREDENTIALS", "DEPARTURES", "DOMAINS"])
def test_tokens_of_the_apis_resources_are_names_in_the_state(name: str) -> None:
    assert _TOKENS[name].removeprefix(naming.DYNAMIC) in state.CLASSES


def test_parts_of_a_urn() -> None:
    urn = f"urn:pulumi:prod::{naming.PROJECT}::{naming.TENANT}${naming.COMPANY}::acme"
    assert (naming.name_of(urn), naming.stack_of(urn)) == ("acme", "prod")
    assert naming.kind_of(naming.types_of(urn)) == "Company"
    assert naming.without_id(f"{urn}::some-id") == urn


def test_label_of_a_key_is_read_as_it_is_written() -> None:
    label = naming.key_label("prod", "acme", "agent-gpu", 3)
    assert (use_of(label), tenant_of(label)) == ("prod/acme/agent-gpu", naming.key_labels("prod", "acme"))
