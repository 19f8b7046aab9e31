"""What `make adopt` makes of installations that nobody would make twice: files that check, and nothing in silence."""

from __future__ import annotations

import pytest

from tests.operations.adoption.installation import agent_values, make_tenant
from tests.operations.adoption.site import Site
from tests.operations.adoption.strange.installations import (
    INSTALLATIONS,
    Make,
    capital_domains,
    odd_units,
    old_server,
    queue_lists,
    shared_gateway,
    two_admins,
    two_namespaces,
)
from tests.operations.adoption.strange.varied import AGENT, DOMAIN, install_server


@pytest.mark.parametrize("make", INSTALLATIONS, ids=lambda each: each.__name__)
def test_what_is_written_checks_as_it_stands(site: Site, make: Make) -> None:
    make(site)
    site.run()
    for refused in ("cannot be left out", "no file is written for this tenant"):
        assert refused not in site.report
    assert site.load().tenants


def test_the_admin_is_the_one_whose_key_is_in_use(site: Site) -> None:
    two_admins(site)
    site.run()
    assert site.file("acme")["admin"] == {"name": "Second", "email": "second@acme.example"}
    assert "second@acme.example is taken, whose keys are in use; other admins of the company: first@acme" in site.report


def test_an_admin_whom_no_file_can_say_is_told_and_the_company_taken_with_another(site: Site) -> None:
    """A run looked for the address as the file has it, found nobody, and refused the company."""
    install_server(site)
    made = make_tenant(site.emulator, "Beta", "Admin@Beta.Example")
    site.lists.install("beta", "agent", AGENT, agent_values(made))
    site.run()
    beta = site.file("beta")
    assert (beta["adopt"], beta["admin"]["email"]) == (True, f"beta-admin@{DOMAIN}")
    assert "| beta | admin | Admin@Beta.Example is an admin whose address no file can say" in site.report


def test_rules_in_capitals_are_the_same_rules(site: Site) -> None:
    capital_domains(site)
    site.run()
    (acme,) = site.load().tenants
    assert (acme.sign_in.domains, acme.sign_in.admins) == (("acme.example",), ("ann@partner.example",))


def test_the_agent_in_the_tenants_own_namespace_is_its_first(site: Site) -> None:
    """The other one cannot be taken over there, and is told."""
    two_namespaces(site)
    site.run()
    acme = site.file("acme")
    assert acme["agent"] == {"queues": {"4x A100": {}, "nightly builds": {}}, "releaseName": "agent"}
    assert list(acme["agents"].values()) == [{"queues": {"gpu": {}}}]
    assert "release acme-gpu/agent (clearml-enterprise-agent 6.14.6, deployed) stays" in site.report


def test_one_value_may_name_several_queues(site: Site) -> None:
    """Taken for one name, tasks of the others would wait for ever."""
    queue_lists(site)
    site.run()
    found = [list(site.file(f"company-{number}")["agent"]["queues"]) for number in range(3)]
    assert found == [["default", "gpu", "cpu"], ["default", "gpu"], ["default", "gpu"]]
    assert "extraValues" not in str([site.file(f"company-{number}") for number in range(3)])


def test_a_gateway_in_another_namespace_is_told(site: Site) -> None:
    shared_gateway(site)
    site.run()
    assert "release router/gateway (clearml-enterprise-app-gateway 3.1.0, deployed) stays" in site.report
    assert not [each for each in site.settings["takeOver"] if each.startswith("router")]


def test_amounts_that_nobody_writes_are_the_same_amounts(site: Site) -> None:
    odd_units(site)
    site.run()
    isolation = site.file("acme")["isolation"]
    assert isolation["quota"] == {
        "cpu": "32000m",
        "memory": "100000000000",
        "storage": "1048576Ki",
        "pods": 1000,
        "gpus": 8,
        "other": {"count/secrets": "100"},
    }
    assert isolation["limits"]["max"] == {"cpu": "64", "memory": "0.5Ti"}


def test_what_has_a_name_of_ours_is_to_be_decided(site: Site) -> None:
    """A takeover stops there."""
    odd_units(site)
    site.run()
    decided = site.report.partition("## What a person decides")[2].partition("## ")[0]
    for what in ("ResourceQuota quota", "LimitRange limits", "NetworkPolicy default-deny"):
        assert f"| acme | namespace | {what} has the very name of one of this program's" in decided
    assert "| acme | namespace | Secret acme-agent-credentials has the very name" in decided


def test_groups_that_no_file_can_say_stay_as_they_are(site: Site) -> None:
    old_server(site)
    site.run()
    named = [each["name"] for each in site.settings["server"]["apiserver"]["extraEnvs"]]
    assert "CLEARML__services__auth__default_groups__Data-Scientists__id" in named
    assert "CLEARML__services__auth__default_groups__no_id__name" in named
    assert site.settings["charts"]["server"]["version"] == "7.14.3"
