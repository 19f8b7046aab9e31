"""Pure: what helm tells of a release, as the resource's state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from local.plugins.properties import UNKNOWN, Properties, Secret, marked_like


def previewed(inputs: Properties) -> Properties:
    """The inputs, and what only helm will know."""
    return {**inputs, "status": UNKNOWN, "resourceNames": UNKNOWN, "__inputs": Secret(inputs)}


def state_of(inputs: Properties, release: Mapping[str, Any], chart: Mapping[str, Any]) -> Properties:
    """`release` as in `helm status -o json`, `chart` its name, version and appVersion.

    The values are those the release has, secret where the inputs' are; `__inputs` is the official plugin's own entry,
    so that it can take over such a state.
    """
    state: Properties = {**inputs, "version": chart["version"]}
    state.pop("values", None)
    if release.get("config"):
        state["values"] = marked_like(release["config"], inputs.get("values"))
    state["resourceNames"] = resource_names(str(release.get("manifest") or ""))
    state["status"] = {
        "appVersion": str(chart.get("appVersion") or ""),
        "chart": chart["name"],
        "name": release["name"],
        "namespace": release["namespace"],
        "revision": release["version"],
        "status": release["info"]["status"],
        "version": chart["version"],
    }
    return {**state, "__inputs": Secret(inputs)}


def resource_names(manifest: str) -> dict[str, list[str]]:
    """`{"Deployment.apps/apps/v1": ["server"], "Service/v1": ["clearml/api"]}`."""
    names: dict[str, set[str]] = {}
    for document in yaml.load_all(manifest, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if not isinstance(document, Mapping) or not document.get("kind"):
            continue
        version = str(document.get("apiVersion", ""))
        group = version.partition("/")[0] if "/" in version else ""
        metadata = document.get("metadata") or {}
        place = f"{metadata['namespace']}/" if metadata.get("namespace") else ""
        kind = f"{document['kind']}.{group}" if group else str(document["kind"])
        names.setdefault(f"{kind}/{version}", set()).add(f"{place}{metadata.get('name', '')}")
    return {kind: sorted(found) for kind, found in sorted(names.items())}
