"""A shell for each test, and the API server of its cluster for all of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.json_server import serving_json
from tests.operations.releases.shell import NAMESPACES, Shell


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with serving_json(lambda _: (200, NAMESPACES)) as server:
        yield server.url


@pytest.fixture
def shell(tmp_path: Path, api: str) -> Shell:
    made = Shell(tmp_path, api)
    settings = made.root / "config" / "Pulumi.test.yaml"
    _, _, kept = settings.read_text().partition("\n")
    settings.unlink()
    assert made.run("pulumi", "stack", "init", "test").returncode == 0
    settings.write_text(f"{settings.read_text()}{kept}")
    return made
