"""Versions by Semantic Versioning, as Helm reads them."""

from __future__ import annotations

import pytest

from settings.types.versions import at_least, is_exact, numbers


@pytest.mark.parametrize("version", ["6.14.6", "v6.14.6", "11.0.0-rc.1", "1.2.3+build.5", "1.2.3-0a.b-c+d"])
def test_an_exact_version_is_one(version: str) -> None:
    assert is_exact(version)


@pytest.mark.parametrize(
    "version",
    ["6.14", "6", "^6.14.6", "~6.14.6", ">=6.14.6", "6.14.x", "6.14.6 ", "6.14.6\n", "vv6.14.6", "", "1.2.3-",
     "1.2.3-a..b", "1.2.3-01", "01.2.3", "1.2.3 || 2.0.0", "٦.14.6", "latest"],
)  # fmt: skip
def test_anything_else_may_be_a_range_to_helm(version: str) -> None:
    assert not is_exact(version)


@pytest.mark.parametrize(
    ("version", "floor", "expected"),
    [
        ("3.2.0", (3, 2), True),
        ("v3.2", (3, 2), True),
        ("3.1.9", (3, 2), False),
        ("11.0.0-rc.1", (11,), True),
        ("^2", (3,), False),
        (None, (3,), True),
        ("latest", (3,), True),
    ],
)
def test_a_version_is_at_least_another(version: str | None, floor: tuple[int, ...], expected: bool) -> None:
    assert at_least(version, *floor) is expected


def test_the_numbers_of_a_version() -> None:
    assert numbers("v11.0.0-rc.1") == (11, 0, 0)
    assert numbers("3.26.8") == (3, 26, 8)
    assert numbers("latest") == ()
