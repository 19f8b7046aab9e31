"""The tools, and a checkout of its own for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from local import cluster
from local.checkout import Checkout
from local.toolchain import InstalledTool, install_tools
from tests.local.cluster.shared import core


@pytest.fixture(scope="module")
def tools() -> dict[str, InstalledTool]:
    return install_tools()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A checkout's folders, in which the tests of this file share one cluster."""
    data = tmp_path_factory.mktemp("checkout") / ".local"
    made = Checkout(data.parent, data, 8008, None)
    try:
        yield made
    finally:
        cluster.stop(made)


@pytest.fixture
def running(checkout: Checkout, tools: dict[str, InstalledTool]) -> Any:
    cluster.start(checkout, tools)
    return core(checkout)
