"""What the stack's file grants to a tenant comes from what a check found, and from no text that a release has in it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.operations.adoption.installation import agent_values, make_tenant, server_values
from tests.operations.adoption.site import Site

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


@pytest.mark.parametrize("where", ["serviceAccountAnnotations", "basePodTemplate"])
def test_an_identity_of_the_clouds_is_a_persons_decision(site: Site, where: str) -> None:
    """With the line, a tenant's file could name any role; without the value, the next deploy takes the tasks' away."""
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    role = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/acme"}
    values = agent_values(acme, **{where: {"annotations": role} if where == "basePodTemplate" else role})
    site.lists.install("acme", "acme-agent", "clearml-enterprise-agent", values)
    site.run()
    assert "tenantRules" not in site.settings
    decided = site.report.partition("## What a person decides")[2].partition("\n## ")[0]
    (row,) = [line for line in decided.splitlines() if where in line]
    assert f"chartValues: [agentk8sglue.{where}" in row
    assert "goes from what runs at the next deploy" in row
    site.load()
    # As the row says.
    line = yaml.safe_load(row.partition("tenantRules: ")[2].partition(": is left out")[0])
    _edit(site, "config/Pulumi.prod.yaml", ("config", "clearml-tenants:stack"), {"tenantRules": line})
    is_ours = where == "basePodTemplate"
    kept = {where: {"annotations": role}} if is_ours else {"extraValues": {"agentk8sglue": {where: role}}}
    _edit(site, "config/tenants/prod/acme.yaml", ("agent",), kept)
    (tenant,) = site.load().tenants
    assert role.items() <= _leaves(tenant.model_dump(by_alias=True)).items()


def _edit(site: Site, file: str, path: tuple[str, ...], more: dict[str, Any]) -> None:
    content = yaml.safe_load((site.root / file).read_text())
    below = content
    for each in path:
        below = below[each]
    below.update(more)
    (site.root / file).write_text(yaml.safe_dump(content))


def _leaves(tree: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, each in tree.items():
        found |= _leaves(each) if isinstance(each, dict) else {key: each}
    return found
