"""Labels and annotations of pods that something of the cluster's reads: what injects, leads traffic, or judges pods.

Who reads them acts for the tenant with rights of its own, so only those pass that are known to be harmless.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from settings.checks.tenant_rules.hosts import is_below
from settings.checks.tenant_rules.pods.rules import Rules, names
from settings.types.chart_rights import names_rights

# They give a pod a network, or an identity, beside the one that policies hold.
_LEADING = ("*cni*", "*calico*", "*cilium*", "*ovn*", "*multus*", "*kube-router*", "*antrea*")
# They say how metrics and logs of the pod are read, how it is queued and when its node may go, or opt out of a mesh.
_HARMLESS = (
    *("app.kubernetes.io/*", "kubectl.kubernetes.io/default-container", "kubectl.kubernetes.io/default-logs-container"),
    *("prometheus.io/*", "ad.datadoghq.com/*", "co.elastic.logs/*", "fluentbit.io/*", "checksum/*", "*checksum*/*"),
    *("volcano.sh/*", "scheduling.volcano.sh/*", "kueue.x-k8s.io/*", "nvidia.com/*", "amd.com/*", "run.ai/*"),
    *("cluster-autoscaler.kubernetes.io/safe-to-evict", "karpenter.sh/do-not-disrupt", "karpenter.sh/do-not-evict"),
    *("sidecar.istio.io/inject", "linkerd.io/inject", "traffic.sidecar.istio.io/exclude*", "config.linkerd.io/skip-*"),
    *("reloader.stakater.com/*", "descheduler.alpha.kubernetes.io/*", "clear.ml/*", "*.clear.ml/*", "clearml/*"),
    # `pod_security` judges their values.
    "container.apparmor.security.beta.kubernetes.io/*",
)
# Prefixes of earlier years, as runtimes of containers have them: `io.katacontainers.config.…`.
_TURNED = re.compile(r"(?:io|com|org|net|dev)\.")
# They have a rule of their own: `annotations.py`, beside this package.
_OF_INGRESS = re.compile(r"(?:gateway|gateways\.[^.]+)\.ingress\.annotations")


def marks(key: str, value: object, path: str, rules: Rules) -> str:
    """What is wrong with labels or annotations at `path`; what has no prefix, or one of the tenant's own, passes."""
    folded = key.lower()
    if key == "matchLabels" or not folded.endswith(("labels", "annotations")):
        return ""
    if rules.granted(path) or _OF_INGRESS.fullmatch(path):
        return ""
    for name in names(value):
        rights = names_rights(name.replace("/", ".")) or any(fnmatchcase(name.lower(), each) for each in _LEADING)
        if folded.endswith("annotations") and rights:
            return f"{name!r} gives pods another network or identity than policies know; {rules.way_of(path)}"
        if not _passes(name.lower(), rules):
            text = "is read by something of the cluster's, which may bring containers or secrets, lead traffic, or"
            return f"{name!r} {text} judge the pod otherwise; {rules.way_of(path)}"
    return ""


def _passes(name: str, rules: Rules) -> bool:
    prefix, slash, _ = name.partition("/")
    own = any(is_below(prefix, domain) for domain in rules.tenant.sign_in.domains)
    plain = not slash and not _TURNED.match(name)
    return plain or own or any(fnmatchcase(name, each) for each in _HARMLESS)
