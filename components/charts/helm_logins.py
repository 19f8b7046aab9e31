"""Whether helm or Docker are signed in by themselves: the kubernetes plugin takes that login if it has no other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from settings.models.charts import Chart
from settings.types.registries import registry_of


def known_to_helm(chart: Chart) -> bool:
    """Whether their own settings may have a login for the chart's registry. None is looked into."""
    return chart.address.startswith("oci://") and any(_may_know(file, chart.host) for file in _files())


def _files() -> Iterator[Path]:
    home = Path.home()
    configured = os.environ.get("PULUMI_K8S_HELM_REGISTRY_CONFIG_PATH") or os.environ.get("HELM_REGISTRY_CONFIG")
    helm = os.environ.get("HELM_CONFIG_HOME") or Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "helm"
    yield Path(configured) if configured else Path(helm) / "registry" / "config.json"
    if not os.environ.get("HELM_CONFIG_HOME"):
        yield home / "Library" / "Preferences" / "helm" / "registry" / "config.json"
    yield Path(os.environ.get("DOCKER_CONFIG") or home / ".docker") / "config.json"


def _may_know(file: Path, host: str) -> bool:
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return False
    if not isinstance(content, dict):
        return False
    names = {*(content.get("auths") or {}), *(content.get("credHelpers") or {})}
    hosts = {registry_of(name.partition("://")[2].partition("/")[0] or name) for name in names}
    return host in hosts or bool(content.get("credsStore"))
