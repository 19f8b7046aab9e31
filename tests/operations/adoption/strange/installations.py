"""Installations as people leave them after years."""

from __future__ import annotations

from collections.abc import Callable

from tests.operations.adoption.installation import agent_values, gateway_values, make_tenant, server_values
from tests.operations.adoption.site import Site
from tests.operations.adoption.strange.varied import AGENT, DOMAIN, GATEWAY, SERVER, install_server

Make = Callable[[Site], None]
_GROUP = "CLEARML__services__auth__default_groups__"


def two_admins(site: Site) -> None:
    """The worker has the key of the one who came later; two more people are in the company, one in no group."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "first@acme.example")
    user = {"name": "Second", "email": "second@acme.example", "company": made.company, "role": "admin"}
    second = site.emulator.data_of("auth.create_user", user)["id"]
    acting = {"X-Clearml-Impersonate-As": second}
    pair = site.emulator.data_of("auth.create_credentials", headers=acting)["credentials"]
    site.emulator.data_of(
        "auth.create_user", {"name": "Cleo", "email": "cleo@acme.example", "company": made.company, "role": "user"}
    )
    values = agent_values(made)
    values["clearml"] = {"agentk8sglueKey": pair["access_key"], "agentk8sglueSecret": pair["secret_key"]}
    site.lists.install("acme", "acme-agent", AGENT, values)


def capital_domains(site: Site) -> None:
    """Rules in capitals, as somebody typed them."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    acting = {"X-Clearml-Act-As": made.admin}
    site.emulator.data_of("login.set_domains", {"domains": ["ACME.Example"]}, headers=acting)
    entries = {"emails": ["Ann@Partner.Example"], "is_admin": True}
    site.emulator.data_of("login.add_whitelist_entries", entries, headers=acting)
    site.lists.install("acme", "agent", AGENT, agent_values(made))


def two_namespaces(site: Site) -> None:
    """Two agents of one tenant in two namespaces, and queues whose names have spaces."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "agent", AGENT, agent_values(made, queues={"4x A100": {}, "nightly builds": {}}))
    site.lists.install("acme-gpu", "agent", AGENT, agent_values(made, queues={"gpu": {}}))


def queue_lists(site: Site) -> None:
    """Queues as charts of several years take them: a list with commas, a map, a list, all in one value."""
    install_server(site)
    for number, value in enumerate(("default, gpu,cpu", {"default": {}, "gpu": {}}, ["default", "gpu"])):
        made = make_tenant(site.emulator, f"Company {number}", f"admin@of-{number}.example")
        values = agent_values(made, queue=value)
        del values["agentk8sglue"]["queues"]
        site.lists.install(f"company-{number}", "agent", AGENT, values, version="5.3.3")


def shared_gateway(site: Site) -> None:
    """One gateway for two tenants, in a namespace of its own, with the key of one of them."""
    install_server(site)
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    beta = make_tenant(site.emulator, "Beta", "admin@beta.example")
    site.lists.install("acme", "acme-agent", AGENT, agent_values(acme))
    site.lists.install("beta", "beta-agent", AGENT, agent_values(beta))
    site.lists.install("router", "gateway", GATEWAY, gateway_values(acme, f"router.{DOMAIN}"), version="3.1.0")


def odd_units(site: Site) -> None:
    """Amounts as Kubernetes takes them and nobody writes them, and walls with names of ours."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made))
    hard = {"requests.cpu": "32000m", "requests.memory": "1e11", "pods": "1k", "requests.storage": "1048576Ki",
            "requests.nvidia.com/gpu": "8000m", "count/secrets": "1e2"}  # fmt: skip
    site.lists.add("quotas", "acme", "quota", {"hard": hard})
    limits = [
        {
            "type": "Container",
            "max": {"cpu": "64e0", "memory": "0.5Ti"},
            "default": {"cpu": "100m"},
        },
        {"type": "Pod", "max": {"cpu": "96"}},
        {"type": "PersistentVolumeClaim", "max": {"storage": "5Ti"}},
    ]
    site.lists.add("limits", "acme", "limits", {"limits": limits})
    site.lists.add("policies", "acme", "default-deny", {})
    site.lists.add_secret("acme", "acme-agent-credentials", {"key": "a-secret-of-nobody-1"})


def old_server(site: Site) -> None:
    """A chart of the major before, groups whose keys are in no form of ours, and one without an id."""
    values = server_values(site.emulator)
    names = {
        "Data-Scientists__id": '"0F1C2A3E-0B7D-4A52-9C68-2F4F3B8F1D11"',
        "Data-Scientists__name": '"Data Scientists"',
        "Data-Scientists__features": '["applications"]',
        "Data-Scientists__assignable": "true",
        "Data-Scientists__system": "false",
        "no_id__name": '"No id"',
        "no_id__assignable": "true",
    }
    values["apiserver"]["extraEnvs"] += [{"name": f"{_GROUP}{name}", "value": value} for name, value in names.items()]
    site.lists.install("clearml", "clearml", SERVER, values, version="7.14.3")
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made), version="5.3.3")


INSTALLATIONS: tuple[Make, ...] = (
    *(two_admins, capital_domains, two_namespaces, queue_lists, shared_gateway, odd_units, old_server),
)
