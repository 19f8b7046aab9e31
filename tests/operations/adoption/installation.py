"""An installation as the guide tells: companies by its own calls, releases by its own values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.emulator import Emulator
from tests.operations.adoption.cluster_lists import ClusterLists

STACK_FILE = """\
encryptionsalt: v1:abc
config:
  # Set by hand.
  clearml-tenants:apiUrl: {url}
  clearml-tenants:apiserverKey:
    secure: v1:aaa
  clearml-tenants:apiserverSecret:
    secure: v1:bbb
"""
GROUP_ID = "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10"
_ENV = "CLEARML__"
_GROUP = f"{_ENV}services__auth__default_groups__research_lab__"


@dataclass(frozen=True)
class Tenant:
    """What the guide's calls gave for one."""

    company: str
    admin: str
    access_key: str
    secret_key: str


def make_tenant(emulator: Emulator, name: str, email: str, **defaults: Any) -> Tenant:
    """The guide's "Create a Tenant", strings in place of JSON types as it has them."""
    body = {"name": name, **({"defaults": defaults} if defaults else {})}
    company = emulator.data_of("system.create_company", body)["id"]
    user = {"name": f"{name} Admin", "company": company, "email": email, "role": "admin", "internal": "true"}
    admin = emulator.data_of("auth.create_user", user)["id"]
    pair = emulator.data_of("auth.create_credentials", headers={"X-Clearml-Impersonate-As": admin})["credentials"]
    return Tenant(company, admin, pair["access_key"], pair["secret_key"])


def route(emulator: Emulator, tenant: Tenant, domain: str, admins: list[str], users: list[str]) -> None:
    """The guide's "Create IDP/SSO Sign-in Rules"."""
    acting = {"X-Clearml-Act-As": tenant.admin}
    emulator.data_of("login.set_domains", {"domains": [domain]}, headers=acting)
    for emails, is_admin in ((admins, True), (users, False)):
        emulator.data_of("login.add_whitelist_entries", {"emails": emails, "is_admin": is_admin}, headers=acting)


def server_values(emulator: Emulator) -> dict[str, Any]:
    """The guide's values of the server, and of the page that it sends to."""
    variables = {
        f"{_ENV}services__organization__features__user_management_advanced": "true",
        f"{_ENV}services__auth__ui_features_per_role__user__show_datasets": "false",
        f"{_ENV}services__workers__resource_usages__supervisor_company": "d1bd92a3b039400cbafc60a7a5b1e52b",
        f"{_ENV}secure__credentials__supervisor__role": "system",
        f"{_ENV}secure__credentials__supervisor__allow_login": "true",
        f"{_ENV}secure__credentials__supervisor__user_key": emulator.supervisor_key,
        f"{_ENV}secure__credentials__supervisor__user_secret": emulator.supervisor_secret,
        f"{_ENV}secure__credentials__supervisor__sec_groups": '["users", "admins", "queue_admins"]',
        f"{_ENV}secure__credentials__supervisor__email": '"supervisor@example.com"',
        f"{_ENV}apiserver__company__unique_names": "true",
        f"{_ENV}services__auth__default_groups__users__features": '["applications", "user_management_advanced"]',
        f"{_GROUP}id": f'"{GROUP_ID}"',
        f"{_GROUP}name": '"Research Lab"',
        f"{_GROUP}features": '["user_management_advanced"]',
        f"{_GROUP}assignable": "true",
        f"{_GROUP}system": "false",
        f"{_ENV}apiserver__log_calls": "true",
        "SMTP_PASSWORD": "hunter2-of-the-mail",
    }
    return {
        "imageCredentials": {"password": "image-token-1f2e3d"},
        "clearml": {
            "cookieDomain": "clearml.example.com",
            "cookieName": "clearml_hand",
            "apiserverKey": emulator.key,
            "apiserverSecret": emulator.secret,
            "secureAuthTokenSecret": "token-signing-9a8b7c",
        },
        "apiserver": {
            "extraEnvs": [{"name": name, "value": value} for name, value in variables.items()],
            "ingress": {"enabled": True, "hostName": "api.clearml.example.com", "ingressClassName": "nginx"},
            "resources": {"limits": {"memory": "8Gi"}},
        },
        "webserver": {"ingress": {"enabled": True, "hostName": "app.clearml.example.com"}},
        "fileserver": {"ingress": {"enabled": True, "hostName": "store.clearml.example.com"}},
        "clearmlApplications": {"enabled": True, "queueMode": "global"},
        "mongodb": {"enabled": True, "auth": {"rootPassword": "root-of-mongo-77"}},
        "mckMongodb": {"enabled": False, "migrated": False},
    }


def agent_values(tenant: Tenant, **glue: Any) -> dict[str, Any]:
    """The guide's values of an agent."""
    return {
        "imageCredentials": {"password": "image-token-1f2e3d"},
        "clearml": {"agentk8sglueKey": tenant.access_key, "agentk8sglueSecret": tenant.secret_key},
        "agentk8sglue": {
            "apiServerUrlReference": "https://api.clearml.example.com",
            "fileServerUrlReference": "https://files.clearml.example.com",
            "webServerUrlReference": "https://app.clearml.example.com",
            "createQueues": True,
            "queues": {"default": {"templateOverrides": {}, "queueSettings": {"maxPods": 10}}},
            **glue,
        },
    }


def gateway_values(tenant: Tenant, host: str) -> dict[str, Any]:
    """The guide's values of a gateway."""
    return {
        "imageCredentials": {"password": "image-token-1f2e3d"},
        "clearml": {
            "apiKey": tenant.access_key,
            "apiSecret": tenant.secret_key,
            "apiServerUrlReference": "https://api.clearml.example.com",
            "authCookieName": "clearml_hand",
        },
        "ingress": {"enabled": True, "hostName": host, "className": "nginx"},
    }


def guide(emulator: Emulator, lists: ClusterLists) -> dict[str, Tenant]:
    """Server and three tenants: Acme with two agents, a gateway and a quota of somebody's, Beta half made, Gamma with
    people who have signed in."""
    acme = make_tenant(emulator, "Acme Inc.", "admin@acme.example", allowed_users="10", features=["pipelines"])
    route(emulator, acme, "acme.example", ["ann@partner.example"], ["bob@partner.example"])
    gamma = make_tenant(emulator, "Gamma & Söhne", "admin@gamma.example")
    route(emulator, gamma, "gamma.example", [], ["cleo@partner.example"])
    emulator.sign_in("somebody@gamma.example")
    beta = emulator.data_of("system.create_company", {"name": "Beta Ltd."})["id"]
    lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(emulator), version="10.9.4")
    gpu = agent_values(acme, queues={"gpu": {}}, basePodTemplate={"nodeSelector": {"pool": "gpu"}})
    lists.install("acme", "acme-agent", "clearml-enterprise-agent", agent_values(acme))
    lists.install("acme", "clearml-agent-gpu", "clearml-enterprise-agent", gpu)
    host = "router.acme.clearml.example.com"
    lists.install("acme", "gateway", "clearml-enterprise-app-gateway", gateway_values(acme, host), version="3.1.0")
    lists.add("quotas", "acme", "of-the-team", {"hard": {"requests.cpu": "32", "pods": "100"}})
    lists.add("policies", "acme", "theirs", {})
    lists.add_secret("acme", "git-login", {"token": "a-token-of-git-55"})
    return {"acme": acme, "gamma": gamma, "beta": Tenant(beta, "", "", "")}


def project(root: Path, emulator: Emulator, stack: str = "prod") -> Path:
    """A project whose stack says no more than where the server is."""
    path = root / "config" / f"Pulumi.{stack}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(STACK_FILE.format(url="https://api.clearml.example.com"))
    return root
