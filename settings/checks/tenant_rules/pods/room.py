"""Where a pod may run and what it may take: no node of its choice, no room of others, no end that never comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from settings.checks.tenant_rules.pods.rules import MissingGrant, Rules, entries
from settings.types.tree import nodes

_HOST_SWITCHES = frozenset({"hostNetwork", "hostPID", "hostIPC", "privileged"})
_ASKED_BY_THE_NODE = frozenset({"httpGet", "tcpSocket"})
# Mounted by the node, which no network policy of the tenant's holds.
_NODE_VOLUMES = frozenset(
    {
        *("nfs", "iscsi", "cephfs", "rbd", "glusterfs", "fc", "flexVolume", "flocker", "quobyte", "storageos"),
        *("scaleIO", "azureFile", "azureDisk", "cinder", "awsElasticBlockStore", "gcePersistentDisk"),
        *("portworxVolume", "photonPersistentDisk", "vsphereVolume", "gitRepo", "csi", "image"),
    }
)
_NODE_TAINTS = (
    *("node-role.kubernetes.io/*", "node.kubernetes.io/*", "node.cloudprovider.kubernetes.io/*", "CriticalAddonsOnly"),
    # Of nodes that are about to go, or that their own controller has not made ready.
    *("ToBeDeletedByClusterAutoscaler", "DeletionCandidateOfClusterAutoscaler", "karpenter.sh/*", "node.cilium.io/*"),
)
# As Kubernetes and its makers have called the nodes of the control plane.
_CONTROL_PLANE = re.compile(r"node-role\.kubernetes\.io/(?:control-?plane|master|etcd|infra|api-?server)")
_AFFINITIES = ("podAffinity", "podAntiAffinity")
_LONGEST_GRACE = 86_400


def node(key: str, rules: Rules) -> str:
    """What is the node's own, and a node by its name."""
    if key == "nodeName":
        return "would put the pod on a node of its choice, past the scheduler and every taint; use nodeSelector"
    if rules.on_the_node or not (key in _HOST_SWITCHES or key in ("hostPath", "hostPort")):
        return ""
    return "is the node's own, which no policy holds; remove it, or list the tenant in isolation.privilegedTenants"


def probes(key: str, value: object) -> str:
    """The kubelet asks for a probe or a hook, and a host in it may be any that the node reaches."""
    if key not in _ASKED_BY_THE_NODE or not isinstance(value, Mapping) or not value.get("host"):
        return ""
    return f"{str(value['host'])!r} is asked by the node, whose ways no policy of the tenant's holds; take host out"


def priority(key: str, value: object, rules: Rules) -> str | MissingGrant:
    """Classes that drive out others."""
    if key == "priority":
        return "is set by Kubernetes from a class; write priorityClassName"
    if key != "priorityClassName" or value in rules.grants.priority_classes:
        return ""
    if str(value).startswith("system-"):
        return f"{value!r} is for Kubernetes' own pods, and drives out other tenants'; name a class for tasks"
    return rules.unless(f"{value!r} may drive out other tenants' pods;", "priorityClasses", str(value))


def tolerations(key: str, value: object, rules: Rules) -> str | MissingGrant:
    """Taints of nodes that are kept from tenants."""
    for entry in entries(value) if key.lower().endswith("tolerations") else ():
        taint = entry.get("key")
        if not taint:
            return "tolerates every taint, so that pods run on nodes that are kept from tenants; name the taint's key"
        if any(fnmatchcase(str(taint), each) for each in _NODE_TAINTS) and taint not in rules.grants.tolerations:
            text = f"tolerates {taint!r}, of nodes that are kept from tenants;"
            return rules.unless(text, "tolerations", str(taint))
    return ""


def control_plane(key: str, value: object, rules: Rules) -> str | MissingGrant:
    """Nodes of the cluster's own, where no taint keeps them: by their label, or among what affinity asks for."""
    chosen = value if key == "nodeSelector" and isinstance(value, Mapping) else ()
    asked = [str(each.get("key")) for each in entries(value) if each.get("operator") in ("In", "Exists")]
    for name in (*map(str, chosen), *(asked if key == "matchExpressions" else ())):
        if _CONTROL_PLANE.fullmatch(name) and name not in rules.grants.tolerations:
            return rules.unless(f"{name!r} chooses the nodes that the cluster itself runs on;", "tolerations", name)
    return ""


def claims(key: str, path: str) -> str:
    """A volume by its name, which may be what another tenant has left behind or is about to get."""
    if key != "volumeName" or "volumeClaimTemplate" not in path:
        return ""
    return "takes a volume of the cluster's by its name, which may hold another tenant's data; take it out"


def volumes(key: str, rules: Rules, path: str) -> str | MissingGrant:
    """Kinds that the node mounts."""
    if key not in _NODE_VOLUMES or key in rules.grants.volume_types or "olume" not in path:
        return ""
    text = "is mounted by the node, whose way to storage no policy of the tenant's holds"
    return rules.unless(f"{text}; use a persistentVolumeClaim,", "volumeTypes", key)


def neighbours(key: str, value: object) -> str:
    """Rules about other tenants' pods: one that must not run beside them keeps them from its node."""
    if key not in _AFFINITIES:
        return ""
    for term in _terms(value):
        if "namespaceSelector" in term or "namespaces" in term:
            text = "speaks of pods of other namespaces, which it would keep from nodes or follow there"
            return f"{text}; take namespaces and namespaceSelector out"
    return ""


def end(key: str, value: object, path: str) -> str:
    """What keeps a pod, and so its namespace and its node, for ever."""
    if ".metadata." in path and key in ("finalizers", "ownerReferences"):
        return "keeps the pod until somebody outside takes it away, so that its namespace never goes; take it out"
    budget = value if key == "podDisruptionBudget" and isinstance(value, Mapping) else {}
    if str(budget.get("maxUnavailable", "")) in ("0", "0%") or str(budget.get("minAvailable", "")) == "100%":
        return "lets no pod go, so that its node can never be emptied; write maxUnavailable: 1"
    long = isinstance(value, int) and value > _LONGEST_GRACE
    if key == "terminationGracePeriodSeconds" and long:
        return f"{value} keeps a node from being emptied for days; write at most {_LONGEST_GRACE}"
    return ""


def _terms(value: object) -> Iterator[Mapping[str, object]]:
    """Every mapping below, of which some are the terms."""
    yield from (each for _, each in nodes(value) if isinstance(each, Mapping))
