"""A user who has nothing installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.checkout import Checkout
from local.plugins import choose as choosing
from tests.local.plugins.installed import executable


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A user who has nothing installed, on a machine that downloads nothing and has built the kubernetes plugin."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PULUMI_HOME", raising=False)
    monkeypatch.setattr(choosing, "official_plugin", lambda *_arguments, **_options: None)
    monkeypatch.setenv("CLEARML_TENANTS_CACHE", str(tmp_path / "cache"))
    built = executable(tmp_path / "built-before" / "pulumi-resource-kubernetes")
    monkeypatch.setattr(choosing, "built_plugin", {"kubernetes": built}.get)
    return Checkout(Path(__file__).resolve().parents[3], tmp_path / "data", 8008, None)
