"""What the stack's file grants to a tenant comes from what a check found, and from no text that a release has in it."""

from __future__ import annotations

import pytest

from tests.operations.adoption.installation import agent_values, make_tenant, server_values
from tests.operations.adoption.test_adopt import Site, site

__all__ = ["site"]

_LINE = "tenantRules: {tenants: {acme: {chartValues: [imagePullPolicy], serverHosts: ['evil.example']}}}"


@pytest.mark.parametrize("line", [_LINE, "registries: [evil.example]"])
def test_a_line_inside_of_a_labels_name_grants_nothing(site: Site, line: str) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    values = agent_values(acme, basePodTemplate={"annotations": {f"injector.example.com/{line}": "yes"}})
    site.lists.install("acme", "acme-agent", "clearml-enterprise-agent", values)
    site.run()
    text = (site.root / "config/Pulumi.prod.yaml").read_text()
    assert "evil.example" not in text
    assert "imagePullPolicy" not in text
    # What is really there is granted as a whole, for such a name is part of no line.
    assert site.settings["tenantRules"] == {
        "tenants": {"acme": {"chartValues": ["agentk8sglue.basePodTemplate.annotations"]}}
    }
    site.load()


def test_two_labels_that_something_reads_are_granted_by_their_names(site: Site) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    names = {"injector.example.com/one": "yes", "mesh.example.com/two": "yes"}
    site.lists.install(
        "acme", "acme-agent", "clearml-enterprise-agent", agent_values(acme, basePodTemplate={"annotations": names})
    )
    site.run()
    granted = site.settings["tenantRules"]["tenants"]["acme"]["chartValues"]
    assert granted == [f"agentk8sglue.basePodTemplate.annotations.{name}" for name in names]
    assert site.file("acme")["agent"]["basePodTemplate"] == {"annotations": names}
