"""For whom a pod may pass: by accounts, labels, annotations, Secrets, namespaces, certificates, and hosts' names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from posixpath import normpath

from settings.checks.tenant_rules.hosts import is_below
from settings.checks.tenant_rules.pods.rules import MissingGrant, Rules, entries, names
from settings.types.chart_rights import names_rights
from settings.types.naming import REGISTRY_SECRET, worker_secret_name

_SECRETS = frozenset({"secretName", "secretKeyRef", "secretRef", "secret", "nodePublishSecretRef"})
_OUR_LABELS = ("clearml-tenants/*", "app.kubernetes.io/instance")
# They give a pod an identity in a cloud, by a webhook or an agent of the node.
_CLOUD_LABELS = ("aadpodidbinding", "azure.workload.identity/*")
_OF_DEPLOYS = ("helm.sh/*", "*.helm.sh/*", "pulumi.com/*", "*.pulumi.com/*")
_ADDRESSES_OF_HOSTS = "hostAliases"
_RESOLUTION = frozenset({"/etc", "/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf"})
# What kubectl takes before the account that the pod has; the agent makes pods by it.
_CLUSTER_ACCESS = re.compile(r".*/\.kube(?:/(?:config|kuberc))?|(?:/var)?/run/secrets/kubernetes\.io(?:/.*)?")
_OF_TASKS = re.compile(r"basePodTemplate|templateOverrides")
# As readers of YAML take it.
_BREAK = re.compile("[\\n\\r\\x85\\u2028\\u2029]")
_PLACE = re.compile(r"\[[0-9]+\]")
# What is run or read as a whole, and what charts write in quotes of YAML's own, or in base64.
_WITH_LINES = frozenset({"value", "command", "args", "fileContent", "containerCustomBashScript"})
_CLUSTER_DOMAIN = "cluster.local"


def rights(key: str, path: str, rules: Rules) -> str | MissingGrant:
    """Keys about roles, bindings and accounts, and certificates of an identity."""
    if rules.granted(path):
        return ""
    if key == "podCertificate":
        return rules.unless_granted("is a certificate of an identity in the cluster, which no tenant's pods have", path)
    if not names_rights(key):
        return ""
    text = "names roles, bindings or accounts, and a tenant's pods have no more rights than their chart gives them"
    return rules.unless_granted(text, path)


def labels(key: str, value: object, path: str, rules: Rules) -> str | MissingGrant:
    """Labels by which policies or clouds know a pod."""
    if not key.lower().endswith("labels") or key == "matchLabels":
        return ""
    reserved = (*_OUR_LABELS, *rules.release_labels)
    for name in names(value):
        if any(fnmatchcase(name, each) for each in reserved):
            return f"{name!r} says which release a pod belongs to, and network policies go by it; take it out"
        if any(fnmatchcase(name, each) for each in _CLOUD_LABELS) and not rules.granted(path):
            return rules.unless_granted(f"{name!r} gives pods an identity of the cloud's", path)
    return ""


def retention(key: str, value: object) -> str:
    """Annotations by which Helm or Pulumi leaves an object behind, takes it for another's, or does not wait for it."""
    for name in names(value) if key.lower().endswith("annotations") else ():
        if any(fnmatchcase(name.lower(), each) for each in _OF_DEPLOYS):
            return f"{name!r} says how an object is kept or who has it, which this program decides; take it out"
    return ""


def secrets(key: str, value: object, rules: Rules) -> str:
    """Pull Secrets are named under `imagePullSecrets`, where no pod sees what is in them."""
    if key not in _SECRETS:
        return ""
    name = value.get("name") or value.get("secretName") if isinstance(value, Mapping) else value
    ours = {worker_secret_name(rules.tenant.worker_of(use)) for use in rules.tenant.uses} | {REGISTRY_SECRET}
    if name in ours or str(name).startswith("sh.helm.release."):
        return f"{str(name)!r} is this program's own Secret, which no pod of a tenant's may read; name one of yours"
    return ""


def template(text: str, path: str, rules: Rules) -> str | MissingGrant:
    """Charts may run what looks like their own text, with the rights of whoever deploys: over the whole cluster."""
    if "{{" not in text or rules.may_hold_templates(path):
        return ""
    why = "holds {{, which a chart may run as its own text, with the deploy's rights"
    return rules.unless_granted(why, path, rule="templates")


def lines(text: str, path: str, rules: Rules) -> str | MissingGrant:
    """Charts may write a text as it is: what follows a line's end are keys then, or `---` and an object of any kind."""
    name = _PLACE.sub("", path.rpartition(".")[2])
    if not _BREAK.search(text) or name in _WITH_LINES or rules.may_hold_templates(path):
        return ""
    why = "holds a line's end, after which a chart may write keys, and objects with the deploy's rights"
    return rules.unless_granted(why, path, rule="templates")


def mounts(key: str, value: object, path: str) -> str:
    """Files that say which address a name has, mounted over the pod's own: as `hostAliases` and `dnsConfig` would.

    And a worker's own access to a cluster, as the variable KUBECONFIG would; tasks may have one.
    """
    for entry in entries(value) if key in ("fileMounts", "volumeMounts", "extraVolumeMounts") else ():
        folder = str(entry.get("folderPath") or "").rstrip("/")
        for place in (str(entry.get("mountPath") or "").rstrip("/"), f"{folder}/{entry.get('name')}"):
            if normpath(place) in _RESOLUTION:
                text = "says which address the server's names have, and pods would take the tenant's key there"
                return f"{place!r} {text}; take it out"
            if _CLUSTER_ACCESS.fullmatch(normpath(place)) and not _OF_TASKS.search(path):
                return f"{place!r} leads the worker to another cluster, or to its own as somebody else; take it out"
    return ""


def searches(key: str, value: object, path: str, rules: Rules) -> str | MissingGrant:
    """Domains in which names are looked up first: with `ndots`, those of the server's hosts, too."""
    listed = value.get("searches") if key == "dnsConfig" and isinstance(value, Mapping) else None
    for domain in listed if isinstance(listed, list | tuple) else ():
        at = f"{path}.searches"
        if not is_below(str(domain).lower().rstrip("."), _CLUSTER_DOMAIN) and not rules.granted(at):
            text = "may answer for the server's names, and pods would take the tenant's key there"
            return rules.unless_granted(f"{str(domain)!r} {text}", at)
    return ""


def elsewhere(key: str, value: object, rules: Rules) -> str:
    """Another namespace, or an address in the place of one of the server's hosts."""
    if key in ("namespace", "targetNamespace") and value != rules.tenant.namespace:
        return f"{value!r} is not this tenant's own namespace, and nothing of a tenant's is made elsewhere; take it out"
    for entry in entries(value) if key == _ADDRESSES_OF_HOSTS else ():
        listed = entry.get("hostnames")
        for host in listed if isinstance(listed, list | tuple) else ():
            if any(is_below(str(host).lower().rstrip("."), each) for each in rules.platform_hosts):
                text = "is the server's host, and pods would take the tenant's key to another address; take it out"
                return f"{str(host)!r} {text}"
    return ""
