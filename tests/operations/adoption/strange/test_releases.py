"""Releases that are not as their newest revision, that something else looks after, or that no file can name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations.adoption.installation import agent_values, make_tenant, server_values
from tests.operations.adoption.site import Site
from tests.operations.adoption.strange.varied import AGENT, SERVER, install_server


def _agents(site: Site, *revisions: tuple[int, str], **record: Any) -> None:
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    for number, status in revisions:
        values = agent_values(made, queues={f"q{number}": {}})
        more = {"revision": number, "status": status, "version": f"6.14.{number}"}
        site.lists.install("acme", "acme-agent", AGENT, values, **more, **record)


@pytest.mark.parametrize("last", ["failed", "pending-upgrade", "pending-rollback"])
def test_an_upgrade_that_failed_is_not_what_runs(site: Site, last: str) -> None:
    """The files said the values of the revision that never came up."""
    install_server(site)
    _agents(site, (1, "superseded"), (2, "deployed"), (3, last))
    site.run()
    assert list(site.file("acme")["agent"]["queues"]) == ["q2"]
    assert site.settings["charts"]["agent"]["version"] == "6.14.2"
    assert "acme/acme-agent" not in site.settings["takeOver"]
    assert (
        f"release acme/acme-agent is {last}, and revision 2 runs: the values here are that one's; make takeover takes "
        "it over once it is deployed: helm rollback acme-agent 2 --namespace acme --kube-context paper" in site.report
    )


def test_the_newest_counts_where_none_runs(site: Site) -> None:
    install_server(site)
    _agents(site, (1, "superseded"), (2, "superseded"))
    site.run()
    assert list(site.file("acme")["agent"]["queues"]) == ["q2"]
    assert "acme/acme-agent" not in site.settings.get("takeOver", [])


def test_a_release_that_a_tool_puts_back_is_not_named_for_a_takeover(site: Site) -> None:
    """The two would change it in turns."""
    install_server(site)
    manifest = "metadata:\n  labels:\n    helm.toolkit.fluxcd.io/name: agents\n"
    _agents(site, (1, "deployed"), manifest=manifest)
    site.run()
    assert "acme" not in site.settings["takeOver"]
    assert "| acme | agent | Flux's HelmRelease agents looks after release acme/acme-agent and puts back" in site.report


def test_a_server_whose_name_no_file_can_say_is_not_lost_in_silence(site: Site) -> None:
    """Its name fell out of the file, and a deploy would have installed another server."""
    site.lists.install("clearml", "odd.name", SERVER, server_values(site.emulator), version="10.9.4")
    _agents(site, (1, "deployed"))
    site.run()
    assert "release" not in site.settings["server"]
    assert not [each for each in site.settings["takeOver"] if each.startswith("clearml")]
    decided = site.report.partition("## What a person decides")[2].partition("## ")[0]
    assert "| the whole stack | server.release | release clearml/odd.name (clearml-enterprise 10.9.4, deploy" in decided
