"""The words of the configuration: what is the same, however it is written."""

from __future__ import annotations

import pytest

from settings.types.addresses import same_address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("::FFFF:0a00:0007", "10.0.0.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("Router.Example.com.", "router.example.com"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert same_address(one) == same_address(other) == other


def test_other_addresses_are_others() -> None:
    assert same_address("::10.0.0.7") != same_address("10.0.0.7")
