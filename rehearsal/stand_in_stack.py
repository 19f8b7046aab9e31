"""A stack's file without what only the real one can use: its secrets, its charts' places, its private authority. Pure.

What a reviewer wants to see stays as it is: settings, contexts, chart versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

PREFIX = "clearml-tenants:"
# How the engine would decrypt: the laptop's own way takes their place.
_DECRYPTION = ("encryptionsalt", "encryptedkey", "secretsprovider")
# No stand-in API has the companies that the real one has; which one a tenant takes over is in the files.
_COMPANY = ("companyId", "adopt")
# A private authority is for the real API, a login for the real charts. The databases' credentials are objects; no
# stand-in has databases.
_LEFT_OUT = ("apiCaFile", "chartToken", "mongodbAuth", "redisAuth", "elasticsearchSecret")
# What any other secret becomes: a word that every check accepts.
_ANY = f"{PREFIX}apiserverSecret"
CHARTS = {
    "server": "clearml-enterprise",
    "agent": "clearml-enterprise-agent",
    "gateway": "clearml-enterprise-app-gateway",
}


def stand_in(
    stack: Mapping[str, Any], local: Mapping[str, Any], repository: str, *, named: bool = True
) -> dict[str, Any]:
    """The file's content for a rehearsal; `local` is the laptop's, `repository` the address of the stand-in charts.

    Not `named` if one of the two programs is older than the key `cluster` and would refuse it: then neither has the
    facts of a cluster behind a `kubeconfig`.
    """
    config = {key: value for key, value in stack.get("config", {}).items() if key.removeprefix(PREFIX) not in _LEFT_OUT}
    fixed = {key: _fixtures(key, value, local["config"]) for key, value in config.items()}
    settings = fixed.get(f"{PREFIX}stack")
    if isinstance(settings, dict) and isinstance(settings.get("charts"), dict):
        charts = {
            name: _chart(name, chart, repository) for name, chart in settings["charts"].items() if name != "registry"
        }
        fixed[f"{PREFIX}stack"] = _somewhere({**settings, "charts": charts}, named=named)
    kept = {key: value for key, value in stack.items() if key not in _DECRYPTION}
    return {**kept, "encryptionsalt": local["encryptionsalt"], "config": fixed}


def stand_in_tenant(tenant: Mapping[str, Any], *, named: bool = True) -> dict[str, Any]:
    """A tenant's file for a rehearsal: where its workers run may have to be told otherwise; no company, no digest."""
    kept = {key: value for key, value in tenant.items() if key not in _COMPANY}
    made = _somewhere(kept, named=named)
    if isinstance(made.get("charts"), dict):
        made["charts"] = {name: _without_digest(chart) for name, chart in made["charts"].items()}
    return made


def contexts_of(*files: Mapping[str, Any]) -> set[str]:
    """Every context of a kubeconfig that these stand-in files name."""
    return {value for file in files for key, value in _leaves(file) if key == "kubeContext"}


def versions_of(*files: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Chart and version, of every chart that these stand-in files ask for: the stack's own, and a tenant's."""
    found = set()
    for file in files:
        charts = file.get("config", {}).get(f"{PREFIX}stack", file).get("charts") or {}
        for name, chart in charts.items():
            if name in CHARTS and isinstance(chart, dict) and isinstance(chart.get("version"), str):
                found.add((CHARTS[name], chart["version"]))
    return found


def _fixtures(key: str, value: Any, local: Mapping[str, Any]) -> Any:  # noqa: ANN401 - YAML
    """The value, with every encrypted one in it replaced by the laptop's of that key."""
    if isinstance(value, dict) and list(value) == ["secure"]:
        return local.get(key, local[_ANY])
    if isinstance(value, dict):
        return {name: _fixtures(f"{key}.{name}", each, local) for name, each in value.items()}
    return value


def _chart(name: str, chart: Any, repository: str) -> Any:  # noqa: ANN401 - YAML
    """The stand-in of the same version; a folder of this project is what it is."""
    if name not in CHARTS or not isinstance(chart, dict) or str(chart.get("chart", "")).startswith("."):
        return chart
    place = PurePosixPath(CHARTS[name])
    return {**_without_digest(chart), "chart": str(place), "repository": repository}


def _without_digest(chart: Any) -> Any:  # noqa: ANN401 - YAML
    return {key: value for key, value in chart.items() if key != "digest"} if isinstance(chart, dict) else chart


def _somewhere(settings: dict[str, Any], *, named: bool) -> dict[str, Any]:
    """Workers in a cluster whose kubeconfig is a secret run in a context called after it; its facts know its name."""
    place = settings.get("workers")
    if not isinstance(place, dict) or not place.get("kubeconfig"):
        return settings
    context = place.get("kubeContext")
    # Written like a path, which no context of the operator's own kubeconfig is called.
    way = f"kubeconfig/{place['kubeconfig']}" + (f"/context/{context}" if context else "")
    name = {"cluster": place.get("cluster") or way} if named else {}
    return {**settings, "workers": {"kubeContext": way, **name}}


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - YAML
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, str(name))
    elif isinstance(value, str):
        yield key, value
