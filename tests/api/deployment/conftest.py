"""What tests of the record of complete runs have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.deployment.deployed import Deployed
from tests.emulator import Emulator
from tests.tenants import without_workers


@pytest.fixture
def deployed(tmp_path: Path, engine: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """Two tenants after a complete run, in a shell in which `pulumi` is the one of this stack."""
    (tmp_path / "program").mkdir()
    program = Deployed(tmp_path / "program", engine, emulator)
    for name in ("acme", "initech"):
        program.write(name, without_workers(name))
    for name, value in program.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CLEARML_API_URL")
    assert program.run() == ""
    return program
