"""The process's own emulator, as new before each test."""

from tests.emulator import emulator, standing

__all__ = ["emulator", "standing"]
