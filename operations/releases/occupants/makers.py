"""Pure: whose an object looks like, by what tools write on what they make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_RELEASE, _RELEASE_SPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
# Labels and annotations with the name of what a tool calls its own.
_MARKS = {
    "helm.toolkit.fluxcd.io/name": "Flux's HelmRelease",
    "kustomize.toolkit.fluxcd.io/name": "Flux's Kustomization",
    "argocd.argoproj.io/instance": "Argo CD's application",
    "argocd.argoproj.io/tracking-id": "Argo CD's application",
    "reconcile.external-secrets.io/managed": "the External Secrets operator",
    "sealedsecrets.bitnami.com/managed": "Sealed Secrets",
}

_CONTROLLER = "kube-controller-manager"
_IN_MANIFEST = re.compile(
    rf"""^\s+"?(?P<mark>{"|".join(map(re.escape, _MARKS))})"?: *["']?(?P<name>[^"'\s]*)""", re.MULTILINE
)


def maker_of(metadata: Mapping[str, Any]) -> str:
    """As a line says it behind "made by"."""
    for owner in metadata.get("ownerReferences") or ():
        if owner.get("controller"):
            return f"{owner.get('kind')} {owner.get('name')}"
    marks = {**(metadata.get("labels") or {}), **(metadata.get("annotations") or {})}
    if tool := tool_of(marks):
        return tool
    if _RELEASE in marks:
        return f"Helm for release {marks.get(_RELEASE_SPACE)}/{marks[_RELEASE]}"
    managed = [each for each in metadata.get("managedFields") or () if each.get("manager")]
    # The cluster's own controllers write what they see into an object's status.
    managers = [
        str(each["manager"]) for each in managed if each["manager"] != _CONTROLLER and not each.get("subresource")
    ]
    return f"{managers[0]}, by hand or by another program" if managers else "hand or by another program"


def tool_of(marks: Mapping[str, Any]) -> str:
    """Of a tool that would put back what somebody else changes; empty without one of its marks."""
    for mark, tool in _MARKS.items():
        if mark in marks:
            name = str(marks[mark]).partition(":")[0]
            return f"{tool} {name}" if "'s " in tool else tool
    return ""


def tool_in(manifest: str) -> str:
    """The same, of the labels and annotations in a release's manifest."""
    return tool_of({found["mark"]: found["name"] for found in _IN_MANIFEST.finditer(manifest)})


def of_release(metadata: Mapping[str, Any]) -> tuple[str, str]:
    """Namespace and name of the release that Helm takes an object for, and would change it with; empty if of none."""
    marks = metadata.get("annotations") or {}
    return str(marks.get(_RELEASE_SPACE) or ""), str(marks.get(_RELEASE) or "")
