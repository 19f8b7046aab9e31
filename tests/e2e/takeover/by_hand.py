"""An installation as the guide makes one: by its own curl and helm commands, without this program."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class MadeTenant:
    """What the guide's calls gave for one tenant; `pair` is empty for one that was left half made."""

    company: str
    admin: str
    pair: Mapping[str, str]


def install(site: Site, namespace: str, name: str, chart: str, values: Mapping[str, Any]) -> None:
    """`helm install` of a chart of this project, until it is ready."""
    (site.home / "values.json").write_text(json.dumps(values))
    done = site.shell(
        f"helm install {name} local/charts/{chart} --namespace {namespace} --create-namespace --wait "
        f"--values {site.home}/values.json"
    )
    assert done.code == 0, done.output


def agent_values(pair: Mapping[str, str], **glue: Any) -> dict[str, Any]:
    """An agent's, signed in with a pair that a person made."""
    keys = {"agentk8sglueKey": pair["access_key"], "agentk8sglueSecret": pair["secret_key"]}
    return {"clearml": keys, "agentk8sglue": {**GLUE, **glue}}


def gateway_values(pair: Mapping[str, str], host: str, cookie: str) -> dict[str, Any]:
    """A gateway's, signed in with the same pair, behind an ingress."""
    keys = {"apiKey": pair["access_key"], "apiSecret": pair["secret_key"]}
    server = {"apiServerUrlReference": GLUE["apiServerUrlReference"], "authCookieName": cookie}
    return {"clearml": {**keys, **server}, "ingress": {"enabled": True, "hostName": host}}


def call(site: Site, endpoint: str, body: object = None, **headers: str) -> dict[str, Any]:
    """One call of the API by curl, with the server's own pair."""
    more = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    pair = f"{PLANTED['apiserverKey']}:{PLANTED['apiserverSecret']}"
    # The API's container has just been started.
    patience = ("--silent", "--show-error", "--fail", "--retry", "6", "--retry-connrefused")
    given = ("-H", "Content-Type: application/json", *more, "-u", pair, "-d", json.dumps(body or {}))
    command = ("curl", *patience, f"{site.api_url}/{endpoint}", *given)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f"{endpoint}: {done.stderr}{done.stdout}"
    found: dict[str, Any] = json.loads(done.stdout)["data"]
    return found


def make_admin(site: Site, company: str, name: str, email: str, **defaults: Any) -> MadeTenant:
    """The guide's company with its admin, who has no key yet."""
    body = {"name": company, **({"defaults": defaults} if defaults else {})}
    made = call(site, "system.create_company", body)["id"]
    user = {"name": name, "company": made, "email": email, "role": "admin", "internal": "true"}
    return MadeTenant(made, call(site, "auth.create_user", user)["id"], {})


def with_key(site: Site, tenant: MadeTenant) -> MadeTenant:
    """The guide's credentials, without a label, as its call makes them."""
    made = call(site, "auth.create_credentials", **{"X-Clearml-Impersonate-As": tenant.admin})
    return MadeTenant(tenant.company, tenant.admin, made["credentials"])


def route(site: Site, tenant: MadeTenant, domain: str, **lists: list[str]) -> None:
    """The guide's sign-in rules: a domain, and lists of `admins` and `users`."""
    acting = {"X-Clearml-Act-As": tenant.admin}
    call(site, "login.set_domains", {"domains": [domain]}, **acting)
    for name, emails in lists.items():
        entries = {"emails": emails, "is_admin": name == "admins"}
        call(site, "login.add_whitelist_entries", entries, **acting)


def make_tenant(site: Site) -> dict[str, str]:
    """One tenant as the guide tells; returns the key pair."""
    acme = with_key(site, make_admin(site, "Acme Inc.", "Acme Admin", "admin@acme.example"))
    route(site, acme, "acme.example")
    return dict(acme.pair)
