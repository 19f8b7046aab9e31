"""What has gone wrong in an installation before anybody adopts it: nothing of it is passed over without a word."""

from __future__ import annotations

from tests.operations.adoption.installation import agent_values, gateway_values, make_tenant, server_values
from tests.operations.adoption.site import Site

_AGENT = "clearml-enterprise-agent"


def _acme(site: Site) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    site.lists.install("acme", "acme-agent", _AGENT, agent_values(acme))


def _decided(site: Site) -> str:
    return site.report.partition("## What a person decides")[2].partition("\n## ")[0]


def test_a_namespace_that_is_being_deleted_is_not_taken_over(site: Site) -> None:
    """A state that knew it would know what is gone a minute later."""
    _acme(site)
    site.lists.ending.add("acme")
    site.run()
    assert site.settings["takeOver"] == ["clearml", "clearml/clearml-enterprise"]
    assert "| acme | namespace | is being deleted, with all that is in it: runs stop until it is gone" in _decided(site)
    assert "release acme/acme-agent (clearml-enterprise-agent 6.14.6, deployed) goes with its namespace" in _decided(
        site
    )
    assert "is taken over by make takeover: the next deploy closes it" not in site.report
    site.load()


def test_a_server_whose_namespace_is_being_deleted_is_not_taken_over(site: Site) -> None:
    _acme(site)
    site.lists.ending.add("clearml")
    site.run()
    assert site.settings["takeOver"] == ["acme", "acme/acme-agent"]
    assert "| the whole stack | server | " in _decided(site)
    assert "namespace clearml is being deleted" in _decided(site)


def test_a_record_that_nobody_can_read_is_told(site: Site) -> None:
    """An agent runs there all the same, and ours would come beside it."""
    _acme(site)
    site.lists.secrets[-1]["data"]["release"] = "AAAA"
    site.run()
    unread = site.report.partition("## What could not be read")[2]
    assert "* release acme/acme-agent: its record, kept in a Secret, is none that Helm writes" in unread


def test_an_agent_with_a_key_of_no_company_is_not_said_to_have_a_secret(site: Site) -> None:
    """The key was revoked, or is the server's own."""
    make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    values = agent_values(make_tenant(site.emulator, "Beta", "admin@beta.example"))
    values["clearml"] = {"agentk8sglueKey": site.emulator.key, "agentk8sglueSecret": site.emulator.secret}
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    site.lists.install("acme", "acme-agent", _AGENT, values)
    site.run()
    assert "acme/acme-agent: taken for this tenant's by the namespace's name alone, for no company here" in _decided(
        site
    )
    assert "acme/acme-agent" not in site.settings["takeOver"]


def test_another_stacks_namespace_is_not_to_be_labelled_as_ours(site: Site) -> None:
    """The label says whose it is: with ours on it, both would have it."""
    _acme(site)
    site.lists.namespaces["acme"]["clearml-tenants/stack"] = "dev"
    site.run()
    assert "| acme | namespace | is of stack dev: call this tenant's file otherwise" in _decided(site)
    assert "kubectl label" not in site.report
    assert site.settings["takeOver"] == ["clearml", "clearml/clearml-enterprise"]


def test_a_gateway_whose_host_another_has_is_not_said_to_be_taken_over(site: Site) -> None:
    _acme(site)
    for name in ("beta", "gamma"):
        tenant = make_tenant(site.emulator, name.title(), f"admin@{name}.example")
        site.lists.install(name, f"{name}-agent", _AGENT, agent_values(tenant))
        values = gateway_values(tenant, "router.clearml.example.com")
        site.lists.install(name, f"{name}-gateway", "clearml-enterprise-app-gateway", values)
    site.run()
    named = site.settings["takeOver"]
    told = [line for line in site.report.splitlines() if "is taken over by make takeover" in line and "release" in line]
    taken = [line.partition("release ")[2].partition(" ")[0] for line in told]
    assert sorted(taken) == sorted(each for each in named if "/" in each and not each.startswith("clearml/"))
    assert "gamma/gamma-gateway" not in named
    row = "release gamma/gamma-gateway (clearml-enterprise-app-gateway 6.14.6, deployed) stays as it is"
    assert row in _decided(site)
    site.load()
