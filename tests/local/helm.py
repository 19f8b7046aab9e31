"""Drives helm on the stand-in charts: renders them, reads refusals, installs them where a kubeconfig says."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from local.toolchain import install_tools

CHARTS = Path(__file__).resolve().parents[2] / "local" / "charts"
SERVER, AGENT, GATEWAY = "clearml-enterprise", "clearml-enterprise-agent", "clearml-enterprise-app-gateway"
Values = Mapping[str, Any]
Object = dict[str, Any]

# The least that each chart is satisfied with.
LEAST: Mapping[str, Values] = {
    SERVER: {},
    AGENT: {
        "clearml": {"agentk8sglueKey": "key", "agentk8sglueSecret": "secret"},
        "agentk8sglue": {
            "apiServerUrlReference": "https://api.example.com",
            "webServerUrlReference": "https://app.example.com",
        },
    },
    GATEWAY: {
        "clearml": {
            "apiKey": "key",
            "apiSecret": "secret",
            "apiServerUrlReference": "https://api.example.com",
            "authCookieName": "cookie",
        }
    },
}


def merged(base: Values, over: Values) -> dict[str, Any]:
    """`over` laid on `base`, as helm lays one values file on another: lists are replaced."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return result


def helm(*arguments: str, values: Values | None = None, kubeconfig: Path | None = None) -> tuple[int, str]:
    """Run helm; the values go in by stdin. Exit code and all it said."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("KUBE")}
    done = subprocess.run(
        [str(_program()), *arguments, *(["-f", "-"] if values is not None else [])],
        input=None if values is None else json.dumps(values),
        env={**keep, "KUBECONFIG": str(kubeconfig or os.devnull)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def render(chart: str, values: Values, release: str = "tried", namespace: str = "place") -> list[Object]:
    """Every object that the chart makes of these values on top of the least."""
    given = merged(LEAST[chart], values)
    code, said = helm("template", release, str(CHARTS / chart), "--namespace", namespace, values=given)
    assert code == 0, said
    return [found for found in yaml.safe_load_all(said) if found]


def refusal(chart: str, values: Values) -> str:
    """What helm says when the chart refuses these values on top of the least."""
    code, said = helm("template", "tried", str(CHARTS / chart), values=merged(LEAST[chart], values))
    assert code != 0, f"accepted: {values}"
    return said


def deploy(kubeconfig: Path, chart: str, release: str, namespace: str, values: Values) -> tuple[int, str]:
    """Install or upgrade with these values on top of the least, and wait; exit code and all that helm said."""
    where = ("--namespace", namespace, "--wait", "--timeout", "60s")
    given = merged(LEAST[chart], values)
    return helm("upgrade", "--install", release, str(CHARTS / chart), *where, values=given, kubeconfig=kubeconfig)


def of_kind(objects: list[Object], kind: str) -> dict[str, Object]:
    """Name to object."""
    return {found["metadata"]["name"]: found for found in objects if found["kind"] == kind}


def pod_templates(objects: list[Object]) -> Iterator[Object]:
    for deployment in of_kind(objects, "Deployment").values():
        yield deployment["spec"]["template"]


def environment(deployment: Object, container: str | None = None) -> list[Object]:
    """The `env` of the named container, else of the first."""
    containers: list[Object] = deployment["spec"]["template"]["spec"]["containers"]
    found = next(one for one in containers if container in (None, one["name"]))
    entries: list[Object] = found["env"]
    return entries


def given_twice(objects: list[Object]) -> list[str]:
    """Each `object/container: name` of an environment variable that stands twice there, as the server reads names."""
    return [
        f"{found['metadata']['name']}/{container['name']}: {name}"
        for found in objects
        for container in _containers(found)
        for name, count in Counter(_read_as(each["name"]) for each in container.get("env") or []).items()
        if count > 1
    ]


def _containers(value: object) -> Iterator[Object]:
    """Those of every pod template in an object, whatever its kind."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key in ("containers", "initContainers") and isinstance(each, list):
                yield from each
            else:
                yield from _containers(each)
    elif isinstance(value, list):
        for each in value:
            yield from _containers(each)


def _read_as(name: str) -> str:
    """In capitals or not, `.` for `__`, by an older prefix: the same setting of the server's (contract 3.1)."""
    prefix, _, path = name.partition("__")
    if path and prefix.lower() in ("clearml", "trains", "allegro"):
        return path.lower().replace(".", "__")
    return name


def content(secret: Object) -> dict[str, str]:
    """A Secret's keys and values, decoded."""
    return {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}


@cache
def _program() -> Path:
    return install_tools(["helm"])["helm"].path
