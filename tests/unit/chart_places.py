"""Places of charts with and without a login, and stacks whose charts are there."""

from __future__ import annotations

from typing import Any

import yaml

from tests.unit.asked import STACK

HUB = "oci://docker.io/clearml"
OWN = "oci://registry.example.com:5000/charts"
PLACES = [
    *("docker.io", "registry.example.com", "registry.example.com:5000", "registry.example.com:5001"),
    *("registry.example.com.evil.example:5000", "evil.example", "charts.example.com"),
]
VERSIONS = {"server": "11.0.2", "agent": "6.14.6", "gateway": "3.2.0"}
TOKENS = {"chartToken": "planted-chart-token", "imageToken": "planted-image-token"}
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
ME, HOST = {"username": "me"}, "registry.example.com"


def charts_of(place: str = HUB, registry: dict[str, str] | None = None, **others: dict[str, str]) -> dict[str, Any]:
    charts: dict[str, Any] = {
        name: {"chart": f"{place}/{name}", "version": version, **others.get(name, {})}
        for name, version in VERSIONS.items()
    }
    return charts | ({} if registry is None else {"registry": registry})


REPOSITORY: dict[str, Any] = {name: {"chart": name, "repository": "https://charts.example.com/x"} for name in VERSIONS}


def stack_file(charts: dict[str, Any], *secrets: str) -> str:
    content = yaml.safe_load(STACK)
    content["config"] |= {f"clearml-tenants:{key}": {"secure": "v1:fff"} for key in secrets}
    settings = content["config"]["clearml-tenants:stack"]
    settings["charts"], settings["registries"] = charts, PLACES
    settings["server"]["mongodb"] = {"mckEnabled": True, "mckMigrated": True}
    return yaml.safe_dump(content)
