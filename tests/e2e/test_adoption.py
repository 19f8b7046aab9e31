"""`make adopt` on a real cluster: releases by real helm, companies by the guide's calls, secrets by the real pulumi."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.e2e.site import PLANTED, Site
from tests.e2e.takeover.by_hand import SERVER, agent_values, install, make_tenant

CONTEXT = "kwok-clearml-tenants"
_STACK = "clearml-tenants:stack"
_ADOPT = f"make adopt STACK=local CONTEXT={CONTEXT}"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Everything runs, nothing is deployed; the stack's file says where the server is, and no more."""
    made = Site.copy(tmp_path / "project")
    made.plant_secrets()
    assert made.run("preview").code == 0
    yield made
    made.run("down")


def _strip(site: Site) -> Path:
    path = site.root / "config" / "Pulumi.local.yaml"
    content = yaml.safe_load(path.read_text())
    del content["config"][_STACK]
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    for tenant in (site.root / "config" / "tenants" / "local").glob("*.yaml"):
        tenant.unlink()
    return path


def test_what_helm_and_curl_made_becomes_files_and_nothing_is_touched(site: Site) -> None:
    install(site, "clearml", "clearml-enterprise", "clearml-enterprise", SERVER)
    pair = make_tenant(site)
    install(site, "acme", "clearml-agent", "clearml-enterprise-agent", agent_values(pair))
    releases, state = site.helm("list", "--all-namespaces", "--all"), site.state()
    path = _strip(site)

    done = site.shell(_ADOPT)
    assert done.code == 0, done.output
    acme = yaml.safe_load((site.root / "config/tenants/local/acme.yaml").read_text())
    assert acme == {
        "company": "Acme Inc.",
        "admin": {"name": "Acme Admin", "email": "admin@acme.example"},
        "signIn": {"domains": ["acme.example"]},
        "agent": {"queues": {"default": {}}, "releaseName": "clearml-agent"},
    }
    settings = yaml.safe_load(path.read_text())["config"][_STACK]
    assert (settings["kubeContext"], settings["baseDomain"]) == (CONTEXT, "clearml.example")
    check = site.shell("make check STACK=local")
    assert check.code == 0, check.output
    report = (site.root / "adoption.md").read_text()
    assert "release acme/clearml-agent (clearml-enterprise-agent" in report

    again = site.shell(_ADOPT)
    assert again.code == 0, again.output
    assert ": written" not in again.output
    assert site.helm("list", "--all-namespaces", "--all") == releases
    assert site.state()["companies"] == state["companies"]
    for text in (done.output, report, path.read_text(), *PLANTED, *(str(each) for each in acme.values())):
        assert pair["secret_key"] not in text
        assert PLANTED["apiserverSecret"] not in text
