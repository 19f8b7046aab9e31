"""An editor knows the files: their keys, features and kinds of values, from a schema that is what the models say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from settings.reference.json_schema import FOLDER, schemas
from tests.unit.asked import SECOND, STACK, TENANT

ROOT = Path(__file__).resolve().parents[4]
_STACKS = sorted((ROOT / "config").glob("Pulumi.*.yaml"))
_TENANTS = sorted((ROOT / "config" / "tenants").glob("*/*.yaml"))


def refused(schema: str, text: str) -> list[str]:
    """Why the schema refuses the file's text."""
    validator = jsonschema.Draft202012Validator(json.loads((FOLDER / schema).read_text()))
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("name", ["stack.json", "tenant.json"])
def test_the_schemas_are_current(name: str) -> None:
    assert (FOLDER / name).read_text() == schemas()[name], "run: make schema (python -m settings.reference.json_schema)"


@pytest.mark.parametrize("name", ["stack.json", "tenant.json"])
def test_the_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schemas()[name]))


@pytest.mark.parametrize("path", [*_STACKS, *_TENANTS], ids=lambda path: path.name)
def test_each_shipped_file_names_its_schema_and_is_accepted(path: Path) -> None:
    named = re.search(r"^# yaml-language-server: \$schema=(\S+)$", path.read_text(), re.MULTILINE)
    assert named, path
    schema = (path.parent / named[1]).resolve()
    assert schema == FOLDER / ("stack.json" if path in _STACKS else "tenant.json")
    assert refused(schema.name, path.read_text()) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("company:", "compnay:", "'compnay' was unexpected"),
        ("users:", "user:", "'user' was unexpected"),
        ("hostName:", "hostname:", "'hostname' was unexpected"),
        ("Acme Inc.", "7", "7 is not of type 'string'"),
        ("agent:", "features: [report]\nagent:", "'report' is not one of"),
        ("agent:", "allowedUsers: '10'\nagent:", "'10' is not"),
    ],
)
def test_a_mistake_in_a_tenants_file_is_underlined(old: str, new: str, why: str) -> None:
    assert old in TENANT
    assert refused("tenant.json", TENANT) == refused("tenant.json", SECOND) == []
    assert why in str(refused("tenant.json", TENANT.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("apiUrl", "apiURL", "'clearml-tenants:apiURL'"),
        ("kubeContext:", "kubecontext:", "'kubecontext' was unexpected"),
        ("\n    secure: v1:bbb", " hunter2", "'hunter2' is not of type 'object'"),
        ("    server:\n", "    groups: {data: {features: [reports]}}\n    server:\n", "'name' is a required property"),
        ("    server:\n", "    features: {report: true}\n    server:\n", "'report'"),
    ],
)
def test_a_mistake_in_a_stacks_file_is_underlined(old: str, new: str, why: str) -> None:
    assert old in STACK
    assert refused("stack.json", STACK) == []
    assert why in str(refused("stack.json", STACK.replace(old, new)))


def test_what_pulumi_rewrites_as_a_text_is_accepted() -> None:
    """`pulumi config set` writes every scalar of the stack's file anew, in quotes."""
    more: Any = '  clearml-tenants:apiWaitSeconds: "60"\n  clearml-tenants:stack:'
    assert refused("stack.json", STACK.replace("  clearml-tenants:stack:", more)) == []
