"""`make adopt` on a real cluster: releases by real helm, companies by the guide's calls, secrets by the real pulumi."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.e2e.site import PLANTED, Site

SERVER = {
    "clearml": {"cookieDomain": "clearml.example", **{key: PLANTED[key] for key in ("apiserverKey", "apiserverSecret")}}
}
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


def _install(site: Site, namespace: str, name: str, chart: str, values: dict[str, Any]) -> None:
    (site.home / "values.json").write_text(json.dumps(values))
    done = site.shell(
        f"helm install {name} local/charts/{chart} --namespace {namespace} --create-namespace --wait "
        f"--values {site.home}/values.json"
    )
    assert done.code == 0, done.output


def _call(site: Site, endpoint: str, body: object = None, **headers: str) -> dict[str, Any]:
    pair = PLANTED["apiserverKey"], PLANTED["apiserverSecret"]
    # The API's container has just been started.
    with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=10, auth=pair) as http:
        response = http.post(f"{site.api_url}/{endpoint}", json=body or {}, headers=headers)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["data"]
    return found


def _tenant(site: Site) -> dict[str, str]:
    """As the guide tells; returns the key pair."""
    company = _call(site, "system.create_company", {"name": "Acme Inc."})["id"]
    user = {
        "name": "Acme Admin",
        "company": company,
        "email": "admin@acme.example",
        "role": "admin",
        "internal": "true",
    }
    admin = _call(site, "auth.create_user", user)["id"]
    _call(site, "login.set_domains", {"domains": ["acme.example"]}, **{"X-Clearml-Act-As": admin})
    made = _call(site, "auth.create_credentials", **{"X-Clearml-Impersonate-As": admin})
    pair: dict[str, str] = made["credentials"]
    return pair


def test_what_helm_and_curl_made_becomes_files_and_nothing_is_touched(site: Site) -> None:
    _install(site, "clearml", "clearml-enterprise", "clearml-enterprise", SERVER)
    pair = _tenant(site)
    glue = {
        "apiServerUrlReference": "https://api.clearml.example",
        "fileServerUrlReference": "https://files.clearml.example",
        "webServerUrlReference": "https://app.clearml.example",
        "queues": {"default": {}},
    }
    values = {"clearml": {"agentk8sglueKey": pair["access_key"], "agentk8sglueSecret": pair["secret_key"]}}
    _install(site, "acme", "clearml-agent", "clearml-enterprise-agent", {**values, "agentk8sglue": glue})
    releases, state = site.helm("list", "--all-namespaces", "--all"), site.state()
    path = _strip(site)

    done = site.shell(_ADOPT)
    assert done.code == 0, done.output
    acme = yaml.safe_load((site.root / "config/tenants/local/acme.yaml").read_text())
    assert acme == {
        "company": "Acme Inc.",
        "admin": {"name": "Acme Admin", "email": "admin@acme.example"},
        "signIn": {"domains": ["acme.example"]},
        "agent": {"queues": {"default": {}}},
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
