"""Fixtures of the local environment's tests."""

from tests.emulator import emulator, shared_emulator, standing

__all__ = ["emulator", "shared_emulator", "standing"]
