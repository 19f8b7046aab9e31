"""One deployed environment shared by the end-to-end tests; each test leaves it deployed and unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.site import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def bare_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the project with planted secrets, nothing deployed yet; taken down at the end."""
    site = Site.copy(tmp_path_factory.mktemp("site") / "project")
    site.plant_secrets()
    yield site
    site.run("down")


@pytest.fixture(scope="session")
def site(bare_site: Site) -> Site:
    """The shared environment with its first tenant deployed."""
    bare_site.up()
    return bare_site
