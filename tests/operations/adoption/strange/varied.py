"""Installations of many kinds, as people make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.operations.adoption.installation import agent_values, gateway_values, make_tenant, server_values
from tests.operations.adoption.site import Site

SERVER, AGENT, GATEWAY = "clearml-enterprise", "clearml-enterprise-agent", "clearml-enterprise-app-gateway"
DOMAIN = "clearml.example.com"
Make = Callable[[Site], None]


def install_server(site: Site, **more: Any) -> None:
    """The guide's, with some other values."""
    site.lists.install("clearml", "clearml", SERVER, {**server_values(site.emulator), **more}, version="10.9.4")


def shared_namespace(site: Site) -> None:
    """Agents of two companies in one namespace."""
    install_server(site)
    for name in ("Acme Inc.", "BETA"):
        made = make_tenant(site.emulator, name, f"admin@{name[:4].lower()}.example")
        site.lists.install("agents", f"agent-of-{name[:4].lower()}", AGENT, agent_values(made))


def other_hosts(site: Site) -> None:
    """Agents that reach the server by a name of their own network, and a gateway at a host of the customer's."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    glue = {
        "apiServerUrlReference": "https://clearml-api.corp.internal:8443",
        "fileServerUrlReference": "s3://minio.corp.internal:9000/clearml",
        "webServerUrlReference": "https://clearml.corp.internal",
    }
    beta = make_tenant(site.emulator, "Beta", "admin@beta.example")
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made, **glue))
    site.lists.install("beta", "beta-agent", AGENT, agent_values(beta))
    gateway = gateway_values(made, "sessions.example.com")
    gateway["ingress"]["annotations"] = {"nginx.ingress.kubernetes.io/auth-url": "https://auth.example.com"}
    site.lists.install("acme", "acme-gateway", GATEWAY, gateway, version="3.1.0")


def values_by_set(site: Site) -> None:
    """Every value a text, as --set-string leaves it, and nulls of what a chart's default was taken out of."""
    values = server_values(site.emulator)
    values["clearmlApplications"]["enabled"] = "true"
    values["mongodb"]["enabled"] = "false"
    values["usageAggregator"] = {"enabled": "true"}
    values["externalServices"] = None
    values["apiserver"]["ingress"]["enabled"] = "true"
    site.lists.install("clearml", "clearml", SERVER, values, version="10.9.4")
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    glue = {
        "createQueues": "true",
        "queues": "default",
        "completedPodDeletionDelayMinutes": "5",
        "useOwnerToken": "true",
        "replicaCount": "1",
        "basePodTemplate": None,
        "extraEnvs": None,
        "image": {"repository": "docker.io/allegroai/clearml-agent-k8s", "tag": 1.24},
    }
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made, **glue))


def external_databases(site: Site) -> None:
    """Databases of a cloud's, each by its connection string, and Redis with a password."""
    install_server(
        site,
        mongodb={"enabled": False},
        redis={"enabled": False},
        elasticsearch={"enabled": False},
        externalServices={
            "mongodbConnectionStringAuth": "mongodb+srv://clearml:pass-of-mongo-11@db.example.net/auth",
            "mongodbConnectionStringBackend": "mongodb+srv://clearml:pass-of-mongo-11@db.example.net/backend",
            "elasticsearchConnectionString": '[{"host":"es.example.net","port":9200}]',
            "redisHost": "redis.example.net",
            "redisPort": 6380,
            "redisPassword": "pass-of-redis-22",
        },
    )


def capitals(site: Site) -> None:
    """Companies in capitals, and two that are called alike but for them."""
    install_server(site)
    for number, name in enumerate(("ACME", "ÄRZTE & Co. KG", "MONITORING", "1042", "acme labs", "ACME LABS GmbH")):
        made = make_tenant(site.emulator, name, f"admin@of-{number}.example")
        site.lists.install(f"ns-{number}", "agent", AGENT, agent_values(made))


def plain_users(site: Site) -> None:
    """Users with next to no name, who have keys of their own, and features that are null."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example", features=None)
    user = {"name": "x", "email": "only@acme.example", "company": made.company, "role": "user"}
    own = site.emulator.data_of("auth.create_user", user)["id"]
    site.emulator.data_of(
        "auth.create_credentials", {"label": "of a laptop"}, headers={"X-Clearml-Impersonate-As": own}
    )
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made))


def several_gateways(site: Site) -> None:
    """Three, one for every host below a domain, one by a port, one with sessions of its own."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made))
    wide = gateway_values(made, f"*.router.{DOMAIN}")
    wide["externalURL"] = f"https://app.router.{DOMAIN}"
    port = gateway_values(made, "")
    port["ingress"] = {"enabled": False}
    port |= {"externalURL": "http://10.0.0.7:30080", "service": {"type": "LoadBalancer", "nodePort": 30080}}
    own = gateway_values(made, f"lab.{DOMAIN}")
    own["tcpSession"] = {"routerAddress": "10.0.0.8", "portRange": {"start": 30100, "end": 30199}}
    own["replicaCount"] = 2
    for name, values in (("wide", wide), ("port", port), ("lab", own)):
        site.lists.install("acme", f"gateway-{name}", GATEWAY, values, version="3.1.0")


def failed_revisions(site: Site) -> None:
    """The newest revision failed, and those before are superseded; another release never came up."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    for revision, status in ((1, "superseded"), (2, "deployed"), (3, "failed")):
        values = agent_values(made, queues={f"q{revision}": {}})
        site.lists.install("acme", "acme-agent", AGENT, values, revision=revision, status=status)
    other = agent_values(made, queues={"gpu": {}})
    site.lists.install("acme", "acme-agent-gpu", AGENT, other, status="pending-install")


def renamed_chart(site: Site) -> None:
    """A mirror's charts, under names of its own; only the values say what they are."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "acme-agent", "corp-clearml-agent", agent_values(made))
    site.lists.install("acme", "acme-gateway", "clearml-enterprise-task-router", gateway_values(made, f"r.{DOMAIN}"))


def two_stacks(site: Site) -> None:
    """Another stack's namespaces with the same company's releases, and an own release beside."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made))
    site.lists.namespaces["acme"] = {"clearml-tenants/stack": "staging"}
    beta = make_tenant(site.emulator, "Beta", "admin@beta.example")
    site.lists.install("beta", "odd.name-of-2020", AGENT, agent_values(beta))


def own_images(site: Site) -> None:
    """Images of a registry of the company's own, weaker pod security, GPUs, a class and taints of nodes."""
    install_server(
        site,
        apiserver={
            **server_values(site.emulator)["apiserver"],
            "image": {"registry": "reg.corp.internal", "repository": "ml/server"},
        },
    )
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    template = {
        "priorityClassName": "tasks-low",
        "tolerations": [{"key": "node-role.kubernetes.io/gpu", "operator": "Exists"}],
        "volumes": [{"name": "data", "nfs": {"server": "nfs.corp.internal", "path": "/data"}}],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
        "imagePullSecrets": [{"name": "corp-registry"}],
    }
    glue = {
        "defaultContainerImage": "reg.corp.internal/ml/base:1.4",
        "image": {"registry": "reg.corp.internal", "repository": "ml/agent", "tag": "1.24"},
        "basePodTemplate": template,
        "resources": {"limits": {"memory": "2Gi"}},
        "serviceAccountAnnotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/ml"},
        "extraEnvs": [{"name": "HTTPS_PROXY", "value": "http://proxy.corp.internal:3128"}],
    }
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made, **glue))
    site.lists.namespaces["acme"] = {"pod-security.kubernetes.io/enforce": "privileged"}
    site.lists.add(
        "quotas", "acme", "q", {"hard": {"requests.nvidia.com/gpu": "8", "limits.cpu": "64", "count/jobs.batch": 50}}
    )


INSTALLATIONS: tuple[Make, ...] = (
    *(shared_namespace, other_hosts, values_by_set, external_databases, capitals, plain_users, several_gateways),
    *(failed_revisions, renamed_chart, two_stacks, own_images),
)
