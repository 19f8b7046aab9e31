"""An installation as the guide makes one: by helm and by calls, without this program."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.e2e.site import PLANTED, Site

SERVER = {
    "clearml": {"cookieDomain": "clearml.example", **{key: PLANTED[key] for key in ("apiserverKey", "apiserverSecret")}}
}
GLUE = {
    "apiServerUrlReference": "https://api.clearml.example",
    "fileServerUrlReference": "https://files.clearml.example",
    "webServerUrlReference": "https://app.clearml.example",
    "queues": {"default": {}},
}


def install(site: Site, namespace: str, name: str, chart: str, values: dict[str, Any]) -> None:
    """`helm install` of a chart of this project, until it is ready."""
    (site.home / "values.json").write_text(json.dumps(values))
    done = site.shell(
        f"helm install {name} local/charts/{chart} --namespace {namespace} --create-namespace --wait "
        f"--values {site.home}/values.json"
    )
    assert done.code == 0, done.output


def agent_values(pair: dict[str, str]) -> dict[str, Any]:
    """An agent's, signed in with a pair that a person made."""
    keys = {"agentk8sglueKey": pair["access_key"], "agentk8sglueSecret": pair["secret_key"]}
    return {"clearml": keys, "agentk8sglue": GLUE}


def call(site: Site, endpoint: str, body: object = None, **headers: str) -> dict[str, Any]:
    """One call of the API with the server's own pair."""
    pair = PLANTED["apiserverKey"], PLANTED["apiserverSecret"]
    # The API's container has just been started.
    with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=10, auth=pair) as http:
        response = http.post(f"{site.api_url}/{endpoint}", json=body or {}, headers=headers)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["data"]
    return found


def make_tenant(site: Site) -> dict[str, str]:
    """As the guide tells; returns the key pair."""
    company = call(site, "system.create_company", {"name": "Acme Inc."})["id"]
    user = {
        "name": "Acme Admin",
        "company": company,
        "email": "admin@acme.example",
        "role": "admin",
        "internal": "true",
    }
    admin = call(site, "auth.create_user", user)["id"]
    call(site, "login.set_domains", {"domains": ["acme.example"]}, **{"X-Clearml-Act-As": admin})
    made = call(site, "auth.create_credentials", **{"X-Clearml-Impersonate-As": admin})
    pair: dict[str, str] = made["credentials"]
    return pair
