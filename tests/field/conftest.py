"""The emulator, as tests/api has it."""

from __future__ import annotations

from tests.api.conftest import _new_process, emulator, standing

__all__ = ["_new_process", "emulator", "standing"]
