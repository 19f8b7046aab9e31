"""Each test has an emulator of its own and starts like a new plugin process: nothing read before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from components.clearml.session import forget_sessions
from tests.api.runs import Tenant
from tests.emulator import Emulator, emulator, standing

__all__ = ["emulator", "standing"]


@pytest.fixture(autouse=True)
def _new_process() -> Iterator[None]:
    yield
    forget_sessions()


@pytest.fixture
def tenant(emulator: Emulator) -> Tenant:
    """A tenant as declared in a file; nothing of it exists yet."""
    return Tenant(emulator)
