"""Where the public charts are: `PUBLIC_CHARTS`, a folder with `clearml` and `clearml-agent` unpacked in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def public_charts() -> Path:
    """The folder; without one there is no witness, and nothing here is asked."""
    folder = os.environ.get("PUBLIC_CHARTS", "")
    if not folder:
        pytest.skip("PUBLIC_CHARTS names no folder of public charts")
    return Path(folder).resolve()
