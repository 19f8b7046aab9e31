"""What two companies both have on the server and only one file may say: a decision of a person, who sees both by id."""

from __future__ import annotations

import pytest

from tests.operations.adoption.installation import agent_values, gateway_values, make_tenant, route, server_values
from tests.operations.adoption.site import Site

_DOMAIN, _PERSON, _HOST = "shared.example", "ann@partner.example", "router.clearml.example.com"


@pytest.fixture
def lines(site: Site) -> dict[str, list[str]]:
    """The rows of the report by the table that they are in, of two companies with all of these in common."""
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    for name in ("acme", "beta"):
        made = make_tenant(site.emulator, name.title(), f"admin@{name}.example")
        route(site.emulator, made, _DOMAIN, [], [_PERSON])
        site.lists.install(name, f"{name}-agent", "clearml-enterprise-agent", agent_values(made))
        gateway = gateway_values(made, _HOST)
        site.lists.install(name, f"{name}-app-gateway", "clearml-enterprise-app-gateway", gateway)
        site.tenants[name] = made
    site.run()
    parts = [part.partition("\n") for part in site.report.split("## ")]
    return {title: table.splitlines() for title, _, table in parts}


@pytest.mark.parametrize("value", [_DOMAIN, _PERSON, _HOST])
def test_it_is_told_among_the_decisions_with_both_companies(
    site: Site, lines: dict[str, list[str]], value: str
) -> None:
    (row,) = [line for line in lines["What a person decides"] if repr(value) in line]
    assert row.startswith("| beta | ")
    for name, made in site.tenants.items():
        assert f"{name.title()!r} (id {made.company}, tenant {name})" in row
    assert "decide whose it is" in row
    assert not [line for line in lines["What the files cannot say"] if value in line]


def test_one_file_has_it_and_both_are_sound(site: Site, lines: dict[str, list[str]]) -> None:
    assert lines
    assert site.file("acme")["signIn"] == {"domains": [_DOMAIN], "users": [_PERSON]}
    assert "signIn" not in site.file("beta")
    assert [each.name for each in site.load().tenants] == ["acme", "beta"]
