"""What a tenant's file says of its company reaches the company, and every release waits until it is ready."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings.facts import stack_file_of
from tests.unit.deployment import finished, inputs, project_with, run_program, start

_TENANT = {"company": "Acme Inc", "admin": {"name": "Acme Admin", "email": "admin@acme.example"}}
_ID = "d1bd92a3b039400cbafc60a7a5b1e52f"


def _company(folder: Path, **told: Any) -> dict[str, Any]:
    root = project_with(folder, {"acme": yaml.safe_dump({**_TENANT, **told})})
    file = root / stack_file_of("local")
    config = yaml.safe_load(file.read_text())
    # A company that is taken over has to be granted by the stack's file.
    granted = {**config["config"]["clearml-tenants:stack"], "adoptions": {"acme": _ID} if told else {}}
    config["config"]["clearml-tenants:stack"] = granted
    file.write_text(yaml.safe_dump(config))
    monitor = start({"clearml-tenants:stack": json.dumps(granted)})
    finished(lambda: run_program(root))
    return inputs(monitor.one("pulumi-python:dynamic/clearml:Company", "acme"))


@pytest.mark.parametrize(
    ("told", "name", "value"),
    [
        ({"adopt": True, "companyId": _ID}, "adopt", True),
        ({"companyId": _ID}, "known_id", _ID),
        ({"onRemove": "delete"}, "on_remove", "delete"),
    ],
)
def test_company_is_asked_for_as_its_file_says(tmp_path: Path, told: dict[str, Any], name: str, value: Any) -> None:
    assert _company(tmp_path, **told)[name] == value


def test_nothing_of_it_is_asked_for_unless_a_file_says_so(tmp_path: Path) -> None:
    company = _company(tmp_path)
    assert not company.get("adopt")
    assert "known_id" not in company


def test_every_release_is_waited_for_and_none_is_undone() -> None:
    """A key is revoked only when the release with the next one is ready; an undone upgrade hides why it failed."""
    monitor = start()
    finished(run_program)
    releases = monitor.of_type("kubernetes:helm.sh/v3:Release")
    assert len(releases) == 3
    told = [inputs(each) for each in releases]
    assert [(each["skipAwait"], each["atomic"], each["cleanupOnFail"]) for each in told] == [(False, False, False)] * 3
