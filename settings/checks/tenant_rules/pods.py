"""What a tenant's file may write into pods: nothing that gives them rights, a way around a policy, or others' room."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pydantic import BaseModel

from settings.check_registry import check
from settings.checks.pod_data import holds_data
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.checks.workers import agent_key
from settings.finding import Finding, setting
from settings.models.isolation import pod_security
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.chart_rights import names_rights
from settings.types.naming import REGISTRY_SECRET, worker_secret_name

# Settings of ours that have a rule of their own: `cluster_access.py`.
_WITH_A_RULE = frozenset({"cluster_access"})
_HOST_SWITCHES = frozenset({"hostNetwork", "hostPID", "hostIPC", "privileged"})
# Mounted by the node, which no network policy of the tenant's holds.
_NODE_VOLUMES = frozenset(
    {
        *("nfs", "iscsi", "cephfs", "rbd", "glusterfs", "fc", "flexVolume", "flocker", "quobyte", "storageos"),
        *("scaleIO", "azureFile", "azureDisk", "cinder", "awsElasticBlockStore", "gcePersistentDisk"),
        *("portworxVolume", "photonPersistentDisk", "vsphereVolume", "gitRepo", "csi", "image"),
    }
)
_SECRETS = frozenset({"secretName", "secretKeyRef", "secretRef", "secret", "nodePublishSecretRef"})
_OUR_LABELS = ("clearml-tenants/*", "app.kubernetes.io/instance")
_NODE_TAINTS = ("node-role.kubernetes.io/*", "node.kubernetes.io/*", "node.cloudprovider.kubernetes.io/*")
# They give a pod a network, or an identity, beside the one that policies hold.
_LEADING_ANNOTATIONS = ("*cni*", "*calico*", "*cilium*", "*ovn*", "*multus*", "*kube-router*", "*antrea*")

_OF_AGENTS = re.compile(r"\Aagents?(?:(?<=s)\.[^.]+)?\.")

_Found = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class _Rules:
    """What is true of all of one tenant's pods."""

    tenant: Tenant
    grants: Grants
    release_labels: frozenset[str]
    on_the_node: bool

    def granted(self, path: str) -> bool:
        """Whether a key is in the stack's `chartValues`, or below one that is."""
        inner = _in_the_chart(path)
        return any(inner == each or inner.startswith((f"{each}.", f"{each}[")) for each in self.grants.chart_values)

    def way(self, rule: str, value: str) -> str:
        """How the stack's file lets it."""
        line = f"tenantRules: {{tenants: {{{self.tenant.name}: {{{rule}: [{value}]}}}}}}"
        return f"remove it, or write in the stack's file {line}"


@check("pods get no rights, no node and no room of others", precedence="last")
@for_each_tenant
def check_pods(tenant: Tenant, settings: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Everything in the free settings of agents and gateway that a tenant may not have."""
    rules = _Rules(
        tenant,
        grants,
        frozenset(each.release_label for each in (settings.network_of(tenant.workers), *settings.isolation.networks)),
        pod_security(settings.isolation, tenant.isolation) == "privileged",
    )
    for use, agent in tenant.all_agents.items():
        for key, text in _walk(agent, agent_key(use), rules):
            yield Finding(setting(tenant.name, key), text)
    if tenant.gateway:
        for key, text in _walk(tenant.gateway, "gateway", rules):
            yield Finding(setting(tenant.name, key), text)


def _in_the_chart(path: str) -> str:
    """Where the chart has what stands at `path` of the tenant's file, as `chartValues` names it."""
    return path.partition(".extraValues.")[2] or _OF_AGENTS.sub("agentk8sglue.", path)


def _walk(value: object, path: str, rules: _Rules) -> _Found:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        names = sorted(value.model_fields_set - _WITH_A_RULE)
        value = {str(fields[name].alias): getattr(value, name) for name in names}
    if isinstance(value, Mapping):
        name = path.rpartition(".")[2]
        data = name == "queues" or holds_data(name)
        for key, each in value.items():
            at = f"{path}.{key}"
            found = [] if data else [(at, text) for text in _about(str(key), each, at, rules)]
            yield from found
            if not found:
                yield from _walk(each, at, rules)
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _walk(each, f"{path}[{index}]", rules)


def _about(key: str, value: object, path: str, rules: _Rules) -> Iterator[str]:
    """What is wrong with one key of a mapping; the first that is."""
    if value in (None, False, "", [], (), {}):
        return
    texts = (
        _rights(key, path, rules),
        _on_the_node(key, rules),
        _priority(key, value, rules),
        _tolerations(key, value, rules),
        _labels(key, value, rules),
        _annotations(key, value, path, rules),
        _volumes(key, rules, path),
        _secrets(key, value, rules),
        _elsewhere(key, value, rules),
    )
    yield from [text for text in texts if text][:1]


def _rights(key: str, path: str, rules: _Rules) -> str:
    if not names_rights(key) or rules.granted(path):
        return ""
    text = "names roles, bindings or accounts, and a tenant's pods have no more rights than their chart gives them"
    return f"{text}; {rules.way('chartValues', _in_the_chart(path))}"


def _on_the_node(key: str, rules: _Rules) -> str:
    if key == "nodeName":
        return "would put the pod on a node of its choice, past the scheduler and every taint; use nodeSelector"
    if rules.on_the_node or not (key in _HOST_SWITCHES or key in ("hostPath", "hostPort")):
        return ""
    return "is the node's own, which no policy holds; remove it, or list the tenant in isolation.privilegedTenants"


def _priority(key: str, value: object, rules: _Rules) -> str:
    if key == "priority":
        return "is set by Kubernetes from a class; write priorityClassName"
    if key != "priorityClassName" or value in rules.grants.priority_classes:
        return ""
    if str(value).startswith("system-"):
        return f"{value!r} is for Kubernetes' own pods, and drives out other tenants'; name a class for tasks"
    return f"{value!r} may drive out other tenants' pods; {rules.way('priorityClasses', str(value))}"


def _tolerations(key: str, value: object, rules: _Rules) -> str:
    entries = [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []
    for entry in entries if key.lower().endswith("tolerations") else ():
        taint = entry.get("key")
        if not taint:
            return "tolerates every taint, so that pods run on nodes that are kept from tenants; name the taint's key"
        if any(fnmatchcase(str(taint), each) for each in _NODE_TAINTS) and taint not in rules.grants.tolerations:
            return f"tolerates {taint!r}, of nodes that are kept from tenants; {rules.way('tolerations', str(taint))}"
    return ""


def _labels(key: str, value: object, rules: _Rules) -> str:
    if not key.lower().endswith("labels") or key == "matchLabels":
        return ""
    reserved = (*_OUR_LABELS, *rules.release_labels)
    for name in _names(value):
        if any(fnmatchcase(name, each) for each in reserved):
            return f"{name!r} says which release a pod belongs to, and network policies go by it; take it out"
    return ""


def _annotations(key: str, value: object, path: str, rules: _Rules) -> str:
    if not key.lower().endswith("annotations") or rules.granted(path):
        return ""
    for name in _names(value):
        if names_rights(name.replace("/", ".")) or any(
            fnmatchcase(name.lower(), each) for each in _LEADING_ANNOTATIONS
        ):
            text = f"{name!r} gives pods another network or identity than policies know"
            return f"{text}; {rules.way('chartValues', _in_the_chart(path))}"
    return ""


def _volumes(key: str, rules: _Rules, path: str) -> str:
    if key not in _NODE_VOLUMES or key in rules.grants.volume_types or "olume" not in path:
        return ""
    text = "is mounted by the node, whose way to storage no policy of the tenant's holds"
    return f"{text}; use a persistentVolumeClaim, {rules.way('volumeTypes', key)}"


def _secrets(key: str, value: object, rules: _Rules) -> str:
    """Pull Secrets are named under `imagePullSecrets`, where no pod sees what is in them."""
    if key not in _SECRETS:
        return ""
    name = value.get("name") or value.get("secretName") if isinstance(value, Mapping) else value
    ours = {worker_secret_name(rules.tenant.worker_of(use)) for use in rules.tenant.uses} | {REGISTRY_SECRET}
    if name in ours or str(name).startswith("sh.helm.release."):
        return f"{str(name)!r} is this program's own Secret, which no pod of a tenant's may read; name one of yours"
    return ""


def _elsewhere(key: str, value: object, rules: _Rules) -> str:
    if key not in ("namespace", "targetNamespace") or value == rules.tenant.namespace:
        return ""
    return f"{value!r} is not this tenant's own namespace, and nothing of a tenant's is made elsewhere; take it out"


def _names(value: object) -> Sequence[str]:
    """The names of labels or annotations, written as a mapping or as a list of `key` or `name` and `value`."""
    if isinstance(value, Mapping):
        return [str(name) for name in value]
    entries = value if isinstance(value, list | tuple) else ()
    return [str(each.get("key", each.get("name", ""))) for each in entries if isinstance(each, Mapping)]
