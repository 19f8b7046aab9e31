"""The machine that each question is asked on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.json_server import serving_json
from tests.operations.readiness.place import Place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = Place(tmp_path, monkeypatch)
    with serving_json(made.answer) as server:
        made.reach(server)
        yield made
