"""Each test has an emulator of its own and starts like a new plugin process: nothing read before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.clearml.run.session import forget_sessions
from local.toolchain import install_tools
from tests.api.program import Program
from tests.api.runs import Tenant
from tests.emulator import Emulator, emulator, standing, start_emulator

__all__ = ["emulator", "standing"]


# The SDK leaves a coroutine behind when an inline program's engine ends before it; pytest reports it much later.
_LEFT_BY_THE_SDK = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Of this folder's tests: pytest asks a folder's conftest about no others."""
    item.add_marker(_LEFT_BY_THE_SDK)


@pytest.fixture(autouse=True)
def _new_process() -> Iterator[None]:
    yield
    forget_sessions()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One emulator for all cases of a file that has hundreds: each has a tenant of its own, or empties it before."""
    running = start_emulator(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture
def tenant(emulator: Emulator) -> Tenant:
    """A tenant as declared in a file; nothing of it exists yet."""
    return Tenant(emulator)


@pytest.fixture(scope="session")
def engine() -> Path:
    """The pinned pulumi, as `make up` finds or builds it."""
    return install_tools(["pulumi"])["pulumi"].path


@pytest.fixture
def program(tmp_path: Path, engine: Path, emulator: Emulator) -> Program:
    """The whole program on the real engine, no tenant's file written yet."""
    folder = tmp_path / "program"
    folder.mkdir()
    return Program(folder, engine, emulator)
