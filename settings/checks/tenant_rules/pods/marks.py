"""Labels and annotations of pods that something of the cluster's reads: what injects, leads traffic, or judges pods.

Who reads them acts for the tenant with rights of its own, so only those pass that are known to be harmless.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from settings.checks.tenant_rules.pods.rules import MissingGrant, Rules, names
from settings.types.chart_rights import names_rights

# They give a pod a network, or an identity, beside the one that policies hold.
_LEADING = ("*cni*", "*calico*", "*cilium*", "*ovn*", "*multus*", "*kube-router*", "*antrea*")
# They say how metrics and logs of the pod are read, how it is queued and when its node may go, or opt out of a mesh.
_HARMLESS = (
    *("app.kubernetes.io/*", "kubectl.kubernetes.io/default-container", "kubectl.kubernetes.io/default-logs-container"),
    *("prometheus.io/*", "k8s.grafana.com/*", "fluentbit.io/*", "checksum/*", "*checksum*/*"),
    # Not the others of theirs: an agent of the node runs checks, or reads files, as those say.
    *("tags.datadoghq.com/*", "ad.datadoghq.com/tags", "ad.datadoghq.com/*.tags", "ad.datadoghq.com/*.logs"),
    *(f"co.elastic.logs/{each}" for each in ("enabled", "multiline.*", "json.*", "exclude_lines", "include_lines")),
    *("volcano.sh/*", "scheduling.volcano.sh/*", "kueue.x-k8s.io/*", "nvidia.com/*", "amd.com/*", "run.ai/*"),
    *("cluster-autoscaler.kubernetes.io/safe-to-evict", "karpenter.sh/do-not-disrupt", "karpenter.sh/do-not-evict"),
    *("sidecar.istio.io/inject", "linkerd.io/inject", "traffic.sidecar.istio.io/exclude*", "config.linkerd.io/skip-*"),
    *("reloader.stakater.com/*", "descheduler.alpha.kubernetes.io/*", "clear.ml/*", "*.clear.ml/*", "clearml/*"),
    # `pod_security` judges their values.
    "container.apparmor.security.beta.kubernetes.io/*",
)
# Not of those: it goes before what others have waiting in the same queue of the cluster.
_PRIORITY = re.compile(r".*/(?:.*-)?priority(?:-class)?(?:-name)?")
# Volcano's, YuniKorn's, KAI's and Run:ai's queues are the cluster's; Kueue's names one of the pod's own namespace.
_QUEUE = re.compile(r"(?:(?:scheduling\.)?volcano\.sh|yunikorn\.apache\.org|kai\.scheduler|run\.?ai)/queue(?:-?name)?")
# YuniKorn's earlier name of one, where it begins as its queues do: many have such a label of their own.
_PLAIN_QUEUE, _ROOT = "queue", "root."
# Prefixes of earlier years, as runtimes of containers have them: `io.katacontainers.config.…`.
_TURNED = re.compile(r"(?:io|com|org|net|dev)\.")
# What such a name may be made of: any other is no part of a line that a person copies.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9./_-]*[A-Za-z0-9])?")
_MOST_TOLD = 3
# They have a rule of their own: `annotations.py`, beside this package.
_OF_INGRESS = re.compile(r"(?:gateway|gateways\.[^.]+)\.ingress\.annotations")


def marks(key: str, value: object, path: str, rules: Rules) -> str | MissingGrant:
    """What is wrong with labels or annotations at `path`; what has no prefix passes.

    One of a domain that the file names as the tenant's own does not: nobody has proved that it is.
    """
    folded = key.lower()
    if key == "matchLabels" or not folded.endswith(("labels", "annotations")):
        return ""
    if rules.granted(path) or _OF_INGRESS.fullmatch(path):
        return ""
    wrong = [name for name in names(value) if not rules.granted(f"{path}.{name}")]
    if leading := [name for name in wrong if folded.endswith("annotations") and _leads(name)]:
        text = f"{'gives' if len(leading) == 1 else 'give'} pods another network or identity than policies know"
        return rules.unless_granted(f"{_listed(leading)} {text}", *_places(path, leading))
    values = value if isinstance(value, Mapping) else {}
    if scheduled := _scheduled(wrong, values, rules):
        return scheduled
    wrong = [name for name in wrong if not _is_queue(name, values.get(name))]
    if read := [name for name in wrong if not _passes(name.lower())]:
        text = "may be read by something of the cluster's, which brings containers or secrets, leads traffic, or"
        return rules.unless_granted(f"{_listed(read)} {text} judges the pod otherwise", *_places(path, read))
    return ""


def _scheduled(found: Sequence[str], values: Mapping[object, object], rules: Rules) -> str | MissingGrant:
    """How pods are queued beside those of other tenants."""
    ahead = [name for name in found if _PRIORITY.fullmatch(name.lower())]
    if ahead := [name for name in ahead if values.get(name) not in rules.grants.priority_classes]:
        text = f"{_listed(ahead)} {'goes' if len(ahead) == 1 else 'go'} before other tenants' tasks;"
        return rules.unless(text, "priorityClasses", *(str(values.get(name)) for name in ahead))
    waiting = [name for name in found if _is_queue(name, values.get(name))]
    if others := [name for name in waiting if values.get(name) not in rules.grants.scheduler_queues]:
        text = (
            f"{_listed(others)} {'enters' if len(others) == 1 else 'enter'} a queue of the whole cluster, which may be"
        )
        queues = (str(values.get(name)) for name in others)
        return rules.unless(f"{text} another tenant's;", "schedulerQueues", *queues)
    return ""


def _is_queue(name: str, value: object) -> bool:
    folded = name.lower()
    return bool(_QUEUE.fullmatch(folded)) or (folded == _PLAIN_QUEUE and str(value).lower().startswith(_ROOT))


def _places(path: str, found: Sequence[str]) -> Sequence[str]:
    """What a grant says of them: each by itself, as far as a person can copy the name."""
    return [f"{path}.{name}" for name in found if _NAME.fullmatch(name)] or [path]


def _listed(found: Sequence[str]) -> str:
    """The first of them, for one line."""
    more = f" and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
    return f"{', '.join(map(repr, found[:_MOST_TOLD]))}{more}"


def _leads(name: str) -> bool:
    return names_rights(name.replace("/", ".")) or any(fnmatchcase(name.lower(), each) for each in _LEADING)


def _passes(name: str) -> bool:
    plain = "/" not in name and not _TURNED.match(name)
    return plain or any(fnmatchcase(name, each) for each in _HARMLESS)
