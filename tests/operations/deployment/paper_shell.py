"""A shell whose `pulumi` is the paper engine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.operations.deployment import paper_engine


def with_paper_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which that engine keeps what it has; no variable of this machine's shell says what to deploy."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "pulumi").write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {paper_engine.__file__} {tools} "$@"\n')
    (tools / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    for name in ("STACK", "ALL", "NO_RUN_AT_WORK", "CLEARML_TENANTS_STACK"):
        monkeypatch.delenv(name, raising=False)
    return tools
