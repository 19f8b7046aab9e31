"""Pure: the settings of an agent or a gateway, from the values of its release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from operations.adoption.reading.facts import Note, Release
from operations.adoption.translation.values import Values
from operations.releases.worker_keys import ACCESS_KEYS, SECRET_KEYS

# What the program sets itself, the keys of before among it.
_OURS = (
    *(("clearml", key) for key in (*ACCESS_KEYS, *SECRET_KEYS)),
    ("clearml", "existingAgentk8sglueSecret"),
    ("clearml", "apiServerUrlReference"),
    ("clearml", "authCookieName"),
    ("agentk8sglue", "apiServerUrlReference"),
    ("agentk8sglue", "fileServerUrlReference"),
    ("agentk8sglue", "webServerUrlReference"),
    ("imageCredentials", "password"),
    ("imageCredentials", "enabled"),
)
_CLUSTER_ACCESS = ("agentk8sglue", "serviceAccountClusterAccess")
# Keys that settings know by the chart's own name.
_MAPPINGS = (
    *("basePodTemplate", "containerSecurityContext", "monitoredResources", "orchestrationDashboard", "multiNode"),
    "fileMounts",
)
_TEXTS = ("defaultContainerImage", "containerCustomBashScript")
_QUEUE = ("queueSettings", "templateOverrides")
# A mapping or a list that somebody wrote as a text, in quotes or as a block.
_NO_NAME = re.compile(r"[{}\[\]\"'\n]|:(?:\s|\Z)|\A-\s")
_OWN_VARIABLES = ("CLEARML_TENANTS_", "ROUTER__HTTP__AUTHORIZATION__COOKIE__SECURE")
_PART = "agentk8sglue"


def agent_settings(release: Release, tenant: str) -> tuple[dict[str, Any], list[Note]]:
    """An agent as a tenant's file has it, with what could not be written so."""
    values, notes = _without_ours(release, tenant)
    queues = values.take(_PART, "queues")
    one = values.text(_PART, "queue")
    if not queues:
        queues, one = one or values.take(_PART, "queue"), ""
    named = _named(queues)
    notes += _of_queues(release, tenant, queues, one if named and one not in named else None)
    if not named:
        what = "has queues in its values in a form that names none" if queues else "names no queue in its values"
        text = f"release {release} {what}; default is written: see which it serves, and write queues: {{gpu: {{}}}}"
        notes.append(Note(tenant, "decide", "agent.queues", text))
        named = {"default": {}}
    agent: dict[str, Any] = {"queues": named}
    # The open chart has the second.
    create = [values.flag(_PART, name) for name in ("createQueues", "createQueueIfNotExists")]
    if next((each for each in create if each is not None), True) is False:
        agent["createQueues"] = False
    if (apps := values.take(_PART, "appsQueue")) and isinstance(apps, Mapping) and apps.get("enabled"):
        agent["appsQueue"] = _queue(apps)
    for name in _MAPPINGS:
        if found := values.take(_PART, name):
            agent[name] = found
    for name in _TEXTS:
        if said := values.text(_PART, name):
            agent[name] = said
    if (minutes := values.number(_PART, "completedPodDeletionDelayMinutes")) is not None:
        agent["completedPodDeletionDelayMinutes"] = minutes
    owner = [values.flag(part, "useOwnerToken") for part in (_PART, "agentk8s")]
    if any(each is not None for each in owner):
        agent["useOwnerToken"] = any(owner)
    return _with_rest(agent, values, _PART), notes


def gateway_settings(release: Release, tenant: str) -> tuple[dict[str, Any] | None, list[Note]]:
    """A gateway as a tenant's file has it; None if nothing says where it is reached."""
    values, notes = _without_ours(release, tenant)
    host = values.text("ingress", "hostName") or values.text("ingress", "hostname")
    address = values.text("externalURL")
    enabled, service = values.flag("ingress", "enabled"), values.text("service", "type")
    said = {
        "className": values.text("ingress", "className"),
        "tlsSecretName": values.text("ingress", "tlsSecretName"),
        "annotations": values.take("ingress", "annotations") or None,
    }
    ingress = {key: value for key, value in said.items() if value}
    if host and enabled is not False:
        gateway: dict[str, Any] = {"hostName": host, **({"ingress": ingress} if ingress else {})}
        if address and host.startswith("*."):
            gateway["externalUrl"] = address
        elif address and address.rstrip("/") != f"https://{host}":
            text = f"release {release} is told externalURL {address}, and from the next deploy on https://{host}"
            notes.append(Note(tenant, "change", "gateway.hostName", text))
    elif address:
        gateway = {"externalUrl": address}
        if ingress:
            text = f"release {release} has values of an ingress that is off, which no setting has beside externalUrl"
            notes.append(Note(tenant, "lost", f"gateway.ingress ({', '.join(ingress)})", text))
    else:
        text = (
            f"release {release} has neither ingress.hostName nor externalURL in its values: write where it is reached"
        )
        return None, [*notes, Note(tenant, "decide", "gateway", text)]
    if service and service != ("ClusterIP" if "hostName" in gateway else "NodePort"):
        gateway["serviceType"] = service
    if streams := _streams(values):
        gateway["streamSession"] = streams
    return _with_rest(gateway, values, "router"), notes


def queues_of(release: Release) -> frozenset[str]:
    """The names of the queues that an agent takes tasks from."""
    return frozenset(agent_settings(release, "")[0]["queues"])


def _without_ours(release: Release, tenant: str) -> tuple[Values, list[Note]]:
    values = Values(release.values)
    for path in _OURS:
        values.take(*path)
    if values.flag(*_CLUSTER_ACCESS):
        text = f"release {release} has rights in the whole cluster, which no tenant's may have: it is off from now on"
        return values, [Note(tenant, "lost", ".".join(_CLUSTER_ACCESS), text)]
    return values, []


def _named(queues: object) -> dict[str, dict[str, Any]]:
    """Each queue by its name; nothing where one of them has none that can be told."""
    if isinstance(queues, Mapping):
        return {str(name): _queue(each) for name, each in queues.items()}
    # Charts of earlier years have one value, of which several names are told apart by commas.
    listed = queues.split(",") if isinstance(queues, str) else queues if isinstance(queues, list) else []
    names = [str(each.get("name") or "{}" if isinstance(each, Mapping) else each).strip() for each in listed]
    return {} if any(map(_NO_NAME.search, names)) else {name: {} for name in names if name}


def _queue(given: object) -> dict[str, Any]:
    return {name: given[name] for name in _QUEUE if given.get(name)} if isinstance(given, Mapping) else {}


def _of_queues(release: Release, tenant: str, queues: object, other: str | None) -> Iterator[Note]:
    """What stands at a queue, or beside queues, and has no setting."""
    for name, given in queues.items() if isinstance(queues, Mapping) else ():
        unknown = sorted(str(each) for each in given if each not in _QUEUE) if isinstance(given, Mapping) else []
        if unknown:
            text = f"release {release} has {', '.join(unknown)} there, which no setting has; it is left out"
            yield Note(tenant, "lost", f"agent.queues.{name}", text)
    if other:
        text = f"release {release} has queue {other} beside queues, which charts that have both do not read"
        yield Note(tenant, "lost", "agent.queues", text)


def _streams(values: Values) -> dict[str, Any] | None:
    """Of the first that says where it is and on which ports; all else stays in `extraValues`."""
    for name in ("streamSession", "tcpSession"):
        tried = values.copy()
        address = tried.text(name, "routerAddress")
        ports = {each: tried.number(name, "portRange", each) for each in ("start", "end")}
        if address and None not in ports.values():
            values.accept(tried)
            kind, balancer = values.text(name, "service", "type"), values.text(name, "service", "loadBalancerClass")
            said = {"routerAddress": address, "serviceType": kind, "loadBalancerClass": balancer}
            return {**{key: value for key, value in said.items() if value}, "portRange": ports}
    return None


def _with_rest(worker: dict[str, Any], values: Values, part: str) -> dict[str, Any]:
    listed = values.take(part, "extraEnvs")
    variables = [
        {**each, "value": _text(each["value"])} if each.get("value") is not None else each
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, Mapping) and not str(each.get("name")).startswith(_OWN_VARIABLES)
    ]
    rest = values.rest()
    return {**worker, **({"extraEnvs": variables} if variables else {}), **({"extraValues": rest} if rest else {})}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
