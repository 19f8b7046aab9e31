"""An emulator as new for whoever asks for one."""

from tests.emulator import emulator, standing

__all__ = ["emulator", "standing"]
