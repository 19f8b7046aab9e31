"""Values as operators write them: each ends in a setting, in free values, or in a line of `adoption.md` with its key.

Their shape is what public values files of these charts have; the words are our own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.operations.adoption.installation import Tenant, agent_values, make_tenant, server_values
from tests.operations.adoption.site import Site

_AGENT, _SERVER, _GATEWAY = "clearml-enterprise-agent", "clearml-enterprise", "clearml-enterprise-app-gateway"
_ENV = "CLEARML__"
# What the program writes itself or tells as a default, and secrets that a person sets by the stack's own keys.
_KNOWN = {"agentk8sglueKey", "agentk8sglueSecret", "apiKey", "apiSecret", "apiServerKey", "apiServerSecret", "password"}
_KNOWN |= {
    "apiserverKey",
    "apiserverSecret",
    "authCookieName",
    "cookieDomain",
    "createQueueIfNotExists",
    "createQueues",
}
_KNOWN |= {"secureAuthTokenSecret", "enabled"}
_DEFAULTS = {("service", "type", "ClusterIP")}
# Told under the settings' own key, where the settings refuse it.
_SETTINGS = {"webServerUrlReference": "serverUrls.app", "apiServerUrlReference": "serverUrls.api"}

SERVERS: dict[str, dict[str, Any]] = {
    "a small cluster with its own load balancer": {
        "webserver": {"service": {"type": "LoadBalancer", "port": 8090}},
        "apiserver": {"service": {"type": "LoadBalancer", "port": 8091}},
        "fileserver": {"storage": {"enabled": True, "data": {"class": "disks-of-ours", "size": "11Gi"}}},
        "redis": {"architecture": "standalone", "master": {"persistence": {"storageClass": "disks-of-ours"}}},
        "mongodb": {"enabled": True, "persistence": {"size": "12Gi"}},
        "elasticsearch": {"replicas": 1, "esJavaOpts": "-Xmx3g", "volumeClaimTemplate": {"storageClassName": "fast"}},
    },
    "an ingress in words that the chart does not have": {
        "webserver": {"ingress": {"enabled": True, "className": "alb", "hosts": [{"paths": [{"port": 8085}]}]}},
        "apiserver": {"ingress": {"enabled": True, "host": "api.of-ours.example", "annotations": {"of.ours/a": "in"}}},
        "s3": {"bucket": "our-artifacts"},
    },
    "a server with metering of its own and people from elsewhere": {
        "apiserver": {
            "image": {"tag": "3.21.6-9999"},
            "additionalConfigs": {"metadata.xml": "<?xml version='1.0'?><EntityDescriptor entityID='x'/>"},
            "extraEnvs": [
                {"name": f"{_ENV}HOSTS__REDIS__BILLING__HOST", "value": "redis-of-billing.billing"},
                {"name": f"{_ENV}SECURE__KAFKA__BILLING__sasl_plain_password", "value": "hush-of-kafka-1"},
                {"name": f"{_ENV}services__applications__max_running_apps_per_company", "value": "3"},
                {"name": f"{_ENV}apiserver__auth__fixed_users__enabled", "value": "true"},
                {"name": f"{_ENV}apiserver__auth__fixed_users__users",
                 "value": '[{"username": "jane", "password": "hush-of-jane-2", "name": "Jane"}]'},
                {"name": f"{_ENV}secure__login__sso__oauth_client__of_ours__client_secret", "value": "hush-of-sso-3"},
                {"name": f"{_ENV}services__login__sso__oauth_client__of_ours__scopes", "value": '["openid"]'},
            ],
        },
        "customCertificates": {"extraCerts": [{"alias": "ours", "pem": "-----BEGIN CERTIFICATE-----\nMIIB\n"}]},
    },
}  # fmt: skip
AGENTS: dict[str, dict[str, Any]] = {
    "a bucket with its login in the configuration": {
        "clearml": {"clearmlConfig": 'sdk {\n aws { s3 { key: "fsadm"\n secret: "hush-of-minio-4" } }\n}\n'},
        "agentk8sglue": {
            "image": {"repository": "library/our-agent", "tag": "1.77"},
            "apiServerUrlReference": "http://our-apiserver.clearml:8008",
            "webServerUrlReference": "http://192.168.20.240",
            "clearmlcheckCertificate": False,
            "queue": "night-shift",
            "createQueueIfNotExists": True,
            "defaultContainerImage": "nvidia/cuda:12.1.0-runtime-ubuntu22.04",
            "basePodTemplate": {"resources": {"limits": {"nvidia.com/gpu": 1}}, "nodeSelector": {"pool": "polydev"}},
        },
    },
    "fractions of GPUs, with sessions of before": {
        "agentk8sglue": {
            "extraEnvs": [
                {"name": "CLEARML_K8S_SUPPORT_SUSPENSION", "value": "1"},
                {"name": "CLEARML_AGENT_REDIS_PASSWORD", "value": "hush-of-redis-5"},
            ],
            "monitoredResources": {"maxResources": 3, "minResourcesFieldName": "metadata|labels|required-resources"},
            "debugMode": True,
            "queues": {
                "whole": {"templateOverrides": {"labels": {"need": "1"}}, "queueSettings": {"maxPods": 10}},
                "half": {"templateOverrides": {"resources": {"limits": {"nvidia.com/mig-3g.20gb": 1}}}, "maxPods": 9},
            },
        },
        "sessions": {"portModeEnabled": False, "agentID": "of-acme", "externalIP": "0.0.0.0", "startingPort": 31010},  # noqa: S104
    },
    "a scheduler of its own and caches on the node": {
        "agentk8sglue": {
            "queue": "volcano",
            "vgpuHook": {"enabled": True, "section": "VGPU", "gpuMemoryFactor": 1024},
            "completedPodDeletionDelayMinutes": "10m",
            "basePodTemplate": {
                "schedulerName": "volcano-of-ours",
                "hostPID": True,
                "volumes": [{"name": "cache", "hostPath": {"path": "/srv/cache-of-ours"}}],
                "volumeMounts": [{"name": "cache", "mountPath": "/cache-of-ours"}],
                "env": [{"name": "PIP_CACHE_DIR", "value": "/cache-of-ours/pip"}],
            },
        },
    },
}
GATEWAYS: dict[str, dict[str, Any]] = {
    "on a node port, with an ingress that is off": {
        "clearml": {"apiServerUrlReference": "http://our-apiserver.clearml:8008"},
        "ingress": {"enabled": False, "className": "nginx-of-ours"},
        "service": {"type": "LoadBalancer"},
        "externalURL": "http://10.0.0.7:30080",
        "tcpSession": {
            "routerAddress": "10.0.0.8", "service": {"type": "NodePort"}, "portRange": {"start": "30100", "end": 30199},
        },
    },
    "for every host below one": {
        "ingress": {"enabled": True, "hostName": "*.router.acme.example", "tlsSecretName": "our-tls"},
        "externalURL": "https://app.router.acme.example",
        "streamSession": {"routerAddress": "10.0.0.8"},
    },
}  # fmt: skip


def _leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(tree, Mapping):
        for key, each in tree.items():
            yield from _leaves(each, (*path, str(key)))
    elif isinstance(tree, list):
        for each in tree:
            yield from _leaves(each, path)
    else:
        yield path, tree


def _lost(values: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
    """The leaves of which neither the value nor the key stands anywhere."""
    everywhere = "\n".join(texts.values())
    found = []
    for path, value in _leaves(values):
        said = str(value).lower() if isinstance(value, bool) else str(value).strip()
        is_known = path[-1] in _KNOWN or (*path[-2:], value) in _DEFAULTS
        shown = _SETTINGS.get(path[-1], path[-1]) in everywhere or (
            len(said) > 3 and said.splitlines()[0] in everywhere
        )
        if not (is_known or shown):
            found.append(".".join(path))
    return found


def _merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in more.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = _merged(result[key], value) if both else value
    return result


def _acme(site: Site) -> Tenant:
    return make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")


def _bare(tenant: Tenant) -> dict[str, Any]:
    return {"clearml": {"agentk8sglueKey": tenant.access_key, "agentk8sglueSecret": tenant.secret_key}}


def _is_whole(site: Site, values: Mapping[str, Any]) -> None:
    site.run()
    texts = site.texts()
    assert _lost(values, texts) == []
    assert not [name for name, text in texts.items() if "hush-of-" in text]
    assert site.load()


@pytest.mark.parametrize("name", SERVERS)
def test_nothing_of_a_servers_values_is_lost(site: Site, name: str) -> None:
    own = {"apiserverKey": site.emulator.key, "apiserverSecret": site.emulator.secret}
    values = _merged({"clearml": {**own, "cookieDomain": "clearml.example.com"}}, SERVERS[name])
    site.lists.install("clearml", "clearml", _SERVER, values)
    _is_whole(site, values)


@pytest.mark.parametrize("name", AGENTS)
def test_nothing_of_an_agents_values_is_lost(site: Site, name: str) -> None:
    values = _merged(_bare(_acme(site)), AGENTS[name])
    site.lists.install("clearml", "clearml", _SERVER, server_values(site.emulator))
    site.lists.install("acme", "acme-agent", _AGENT, values)
    _is_whole(site, values)


@pytest.mark.parametrize("name", GATEWAYS)
def test_nothing_of_a_gateways_values_is_lost(site: Site, name: str) -> None:
    acme = _acme(site)
    pair = {"apiServerKey": acme.access_key, "apiServerSecret": acme.secret_key}
    values = _merged({"clearml": pair}, GATEWAYS[name])
    site.lists.install("clearml", "clearml", _SERVER, server_values(site.emulator))
    site.lists.install("acme", "acme-agent", _AGENT, agent_values(acme))
    site.lists.install("acme", "acme-gateway", _GATEWAY, values)
    _is_whole(site, values)
    assert "gateway" in site.file("acme")


def test_where_workers_reach_the_server_is_kept(site: Site) -> None:
    """What most are told is the stack's, another address a tenant's; two of one tenant are told the same then."""
    inside = "http://clearml-enterprise-apiserver.clearml.svc:8008"
    files = "https://files.clearml.example.com"
    for name, api in (("acme", inside), ("beta", inside), ("gamma", "https://api.clearml.example.com")):
        tenant = make_tenant(site.emulator, f"{name.title()} Inc.", f"admin@{name}.example")
        site.lists.install(name, f"{name}-agent", _AGENT, agent_values(tenant, apiServerUrlReference=api))
    other = agent_values(tenant, queues={"more": {}}, apiServerUrlReference=inside)
    site.lists.install("gamma", "more", _AGENT, other)
    site.lists.install("clearml", "clearml-enterprise", _SERVER, server_values(site.emulator))
    site.run()
    assert site.settings["serverUrls"] == {"api": inside, "files": files}
    assert "serverUrls" not in site.file("acme")
    assert site.file("gamma")["serverUrls"] == {"api": "https://api.clearml.example.com"}
    assert f"| gamma | serverUrls.api | release gamma/more reaches it at {inside}, and from the" in site.report
    urls = [site.load().stack.urls_for(each.server_urls).api for each in site.load().tenants]
    assert urls == [inside, inside, "https://api.clearml.example.com"]


def test_a_queue_that_the_open_chart_does_not_make_is_not_made(site: Site) -> None:
    values = _merged(_bare(_acme(site)), {"agentk8sglue": {"queue": "ours", "createQueueIfNotExists": False}})
    site.lists.install("acme", "acme-agent", "clearml-agent", values, version="5.3.2")
    site.run()
    assert site.file("acme")["agent"] == {"queues": {"ours": {}}, "createQueues": False}


def test_releases_of_other_charts_of_the_product_are_told(site: Site) -> None:
    site.lists.install("acme", "clearml-ttr", "clearml-task-traffic-router", {}, version="1.0.1")
    site.lists.install("acme", "redis", "redis", {}, version="17.8.3")
    site.run()
    text = "release acme/clearml-ttr (clearml-task-traffic-router 1.0.1, deployed) is of a chart that this program"
    assert text in site.report
    assert "acme/redis" not in site.report
