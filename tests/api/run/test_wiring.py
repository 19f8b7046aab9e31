"""What the runs in this process run is what the program declares."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tests.api.declarations.environment import tenant, wired
from tests.tenants import whole
from tests.unit.deployment import finished, inputs, project_with, run_program, start

_CONTENT = whole("acme") | {
    "features": ["reports"],
    "excludeFeatures": ["app_management"],
    "allowedUsers": 10,
    "agents": {"gpu": {"queues": {"gpu": {}}, "keyGeneration": 3}},
}
# As the mocks call them; every user and company is the same one there.
_IDS = {"acme/company": "c0ffee", "acme/admin": "a0"}


def test_environment_declares_what_the_program_declares(tmp_path: Path) -> None:
    monitor = start()
    finished(lambda: run_program(project_with(tmp_path, {"acme": yaml.safe_dump(_CONTENT)})))
    registered = [each for each in monitor.registered if "dynamic/clearml:" in each.type]
    declared = [each.provider().normalize(each.inputs(_IDS)) for each in wired([tenant("acme", _CONTENT)])]
    assert _sorted(_plain(inputs(each)) for each in registered) == _sorted(declared)


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "__provider" and value is not None}


def _sorted(each: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(each, key=yaml.safe_dump)
