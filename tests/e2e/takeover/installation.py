"""An installation as somebody has one: a server, three tenants, three agents, a gateway, rules, keys, a quota."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from kubernetes import client, config

from tests.e2e.site import Site
from tests.e2e.takeover.by_hand import (
    SERVER,
    MadeTenant,
    agent_values,
    gateway_values,
    install,
    make_admin,
    route,
    with_key,
)

DOMAINS = {"acme": "acme.example", "beta": "beta.example"}
NAMESPACES = ("clearml", "acme", "beta")
QUOTA = "of-the-team"
_SUPERVISOR = {"user_key": "HANDMADEsupervisor1", "user_secret": "hand-made-supervisor-2"}
_GROUP = "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10"


@dataclass(frozen=True)
class Installation:
    """What was made by hand: the tenants, of which `gamma` has neither a key nor a namespace."""

    site: Site
    tenants: dict[str, MadeTenant]

    @property
    def pairs(self) -> dict[str, tuple[str, str]]:
        """Every pair of keys that is in use, by who has it."""
        own = {name: each.pair for name, each in self.tenants.items() if each.pair}
        known = {name: (pair["access_key"], pair["secret_key"]) for name, pair in own.items()}
        return {**known, "supervisor": (_SUPERVISOR["user_key"], _SUPERVISOR["user_secret"])}


def make(site: Site, cookie: str) -> Installation:
    """Two agents of one tenant on two queues, and a gateway; another tenant's agent has the name of one of them."""
    install(site, "clearml", "clearml-enterprise", "clearml-enterprise", _server(cookie))
    acme = with_key(site, make_admin(site, "Acme Inc.", "Acme Admin", "admin@acme.example", allowed_users="10"))
    route(site, acme, DOMAINS["acme"], admins=["ann@partner.example"], users=["bob@partner.example"])
    beta = with_key(site, make_admin(site, "Beta Ltd.", "Beta Admin", "admin@beta.example"))
    route(site, beta, DOMAINS["beta"])
    gamma = make_admin(site, "Gamma", "Gamma Admin", "admin@gamma.example")
    sign_in(site, "cleo@acme.example")
    install(site, "acme", "clearml-agent", "clearml-enterprise-agent", agent_values(acme.pair))
    gpu = agent_values(acme.pair, queues={"gpu": {"queueSettings": {"maxPods": 4}}})
    install(site, "acme", "clearml-agent-gpu", "clearml-enterprise-agent", gpu)
    host = "router.acme.clearml.example"
    install(site, "acme", "app-gateway", "clearml-enterprise-app-gateway", gateway_values(acme.pair, host, cookie))
    install(site, "beta", "clearml-agent", "clearml-enterprise-agent", agent_values(beta.pair))
    quota = {"metadata": {"name": QUOTA}, "spec": {"hard": {"pods": "100", "requests.cpu": "32"}}}
    core(site).create_namespaced_resource_quota("acme", quota)
    return Installation(site, {"acme": acme, "beta": beta, "gamma": gamma})


def sign_in(site: Site, email: str) -> dict[str, Any]:
    """Somebody signs in through the identity provider."""
    door = f"http://127.0.0.1:{site.control_port}/sign-in"
    with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=10) as http:
        answer = http.post(door, json={"email": email})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def core(site: Site) -> Any:
    """The cluster's core API."""
    loading: Any = config
    return client.CoreV1Api(loading.new_client_from_config(str(site.data / "kubeconfig")))


def pods(site: Site) -> dict[str, str]:
    """The running pods by their uids, each as `namespace/workload`."""
    listed = core(site).list_pod_for_all_namespaces().items
    alive = [each for each in listed if each.metadata.namespace in NAMESPACES and not each.metadata.deletion_timestamp]
    return {each.metadata.uid: f"{each.metadata.namespace}/{each.metadata.name.rsplit('-', 2)[0]}" for each in alive}


def releases(site: Site) -> dict[str, str]:
    """The status of every release, by `namespace/name`."""
    listed = site.helm("list", "--all-namespaces", "--all")
    return {f"{each['namespace']}/{each['name']}": each["status"] for each in listed}


def company_data(site: Site) -> dict[str, Any]:
    """What a takeover must not change: companies, people, rules, and keys that people or the server's chart made."""
    state = site.state()
    keys = [each for each in state["credentials"] if not str(each["label"] or "").startswith("local/")]
    # The server's own are made anew at each of its starts, the same as before.
    known = sorted((each["access_key"], each["user"], str(each["label"]), str(each["expire"])) for each in keys)
    return {**{name: state[name] for name in ("companies", "users", "rules")}, "keys": known}


def _server(cookie: str) -> dict[str, Any]:
    """The guide's values."""
    supervisor, group = "secure__credentials__supervisor__", "services__auth__default_groups__research__"
    variables = {
        "services__organization__features__user_management_advanced": "true",
        "services__auth__ui_features_per_role__user__show_datasets": "false",
        "services__workers__resource_usages__supervisor_company": "d1bd92a3b039400cbafc60a7a5b1e52b",
        f"{supervisor}role": "system",
        f"{supervisor}allow_login": "true",
        f"{supervisor}user_key": _SUPERVISOR["user_key"],
        f"{supervisor}user_secret": f'"{_SUPERVISOR["user_secret"]}"',
        f"{supervisor}sec_groups": '["users", "admins", "queue_admins"]',
        f"{supervisor}email": '"supervisor@clearml.example"',
        "apiserver__company__unique_names": "true",
        f"{group}id": f'"{_GROUP}"',
        f"{group}name": '"Research"',
        f"{group}features": '["applications"]',
        f"{group}assignable": "true",
        f"{group}system": "false",
    }
    listed = [{"name": f"CLEARML__{name}", "value": value} for name, value in variables.items()]
    return {"clearml": {**SERVER["clearml"], "cookieName": cookie}, "apiserver": {"extraEnvs": listed}}
