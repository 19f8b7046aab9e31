"""Helm does not remember where a chart came from: `make adopt` says so, chart by chart, with the version installed."""

from __future__ import annotations

from tests.operations.adoption.installation import agent_values, make_tenant, server_values
from tests.operations.adoption.site import Site


def test_each_chart_is_a_decision(installed: Site) -> None:
    installed.run()
    for kind, chart, version in (
        ("server", "clearml-enterprise", "10.9.4"),
        ("agent", "clearml-enterprise-agent", "6.14.6"),
        ("gateway", "clearml-enterprise-app-gateway", "3.1.0"),
    ):
        written = f"oci://docker.io/clearml/{chart}"
        assert installed.settings["charts"][kind] == {"chart": written, "version": version}
        assert (
            f"| the whole stack | charts.{kind}.chart | {chart} {version} is installed; Helm does not record from "
            f"where, so {written} is written: write where yours comes from |"
        ) in installed.report


def test_a_chart_of_which_no_release_is_there_is_told(site: Site) -> None:
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    site.run()
    assert "| the whole stack | charts.gateway | none is installed, so " in site.report


def test_agents_of_the_open_chart_keep_it(site: Site) -> None:
    """The enterprise chart has no version of its number."""
    for name, chart, version in (
        ("acme", "clearml-agent", "5.3.2"),
        ("beta", "clearml-agent", "5.3.2"),
        ("gamma", "clearml-enterprise-agent", "6.14.6"),
    ):
        tenant = make_tenant(site.emulator, f"{name.title()} Inc.", f"admin@{name}.example")
        site.lists.install(name, f"{name}-agent", chart, agent_values(tenant), version=version)
    site.run()
    assert site.settings["charts"]["agent"] == {"chart": "oci://docker.io/clearml/clearml-agent", "version": "5.3.2"}
    assert "| gamma | charts.agent | release gamma/gamma-agent is of chart clearml-enterprise-agent, " in site.report
