"""Fixtures of the local environment's tests."""

from tests.emulator import emulator

__all__ = ["emulator"]
