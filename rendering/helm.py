"""What a chart makes of a release's values, as helm says it; a login stands in files, never in arguments."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from rendering.unknown import UNKNOWN, at, replace_unknown
from settings.private_files import folder_of_this_process

_ROOT = Path(__file__).resolve().parents[1]
_SECONDS = 120
# Charts ask for a range of Kubernetes versions, and no cluster is asked here.
_KUBERNETES = "1.32.0"
_PLACEHOLDER = "unknown"
_DOCKER_HUB = ("index.docker.io", "docker.io", "registry-1.docker.io", "https://index.docker.io/v1/")


class NotRenderedError(Exception):
    """Nothing is known of what the chart makes; the text says why, without a secret."""


def objects_of(
    release: Mapping[str, object], name: str, namespace: str, *, root: Path = _ROOT, path: str | None = None
) -> list[dict[str, Any]]:
    """Every object of the release with these inputs, called `name`; what a preview does not know yet is some text.

    A chart in a folder lies below `root`; helm is looked for in `path`, the process's own if None. Raises
    NotRenderedError.
    """
    chart, version = release.get("chart"), release.get("version")
    login = release.get("repositoryOpts") or {}
    if UNKNOWN in (chart, version, login):
        raise NotRenderedError("its chart is not known yet")
    values = json.dumps(replace_unknown(release.get("values") or {}, _PLACEHOLDER))
    folder = _folder(root, str(chart), str(version or ""), _Access.of(login), path)
    if isinstance(folder, NotRenderedError):
        raise NotRenderedError(str(folder))
    command = ("template", name, folder, "--namespace", namespace)
    said = _helm(*command, "--kube-version", _KUBERNETES, "--values", "-", given=values, path=path)
    try:
        return [each for each in yaml.safe_load_all(said) if isinstance(each, dict)]
    except yaml.YAMLError:
        raise NotRenderedError("what the chart makes is no YAML: run helm template by hand to see it") from None


class _Access(NamedTuple):
    """A release's `repositoryOpts`; what is not known is empty."""

    repository: str
    username: str
    password: str

    @classmethod
    def of(cls, login: object) -> _Access:
        found = (at(login, key) for key in ("repo", "username", "password"))
        return cls(*(each if isinstance(each, str) else "" for each in found))


@cache
def _folder(root: Path, chart: str, version: str, access: _Access, path: str | None) -> str | NotRenderedError:
    """Where the chart lies on this machine, or why it does not; asked for once for all releases of a run."""
    repository = access.repository
    if "://" not in chart and not repository:
        return str(root / chart)
    # The engine ends this process without a word.
    work = Path(tempfile.mkdtemp(prefix="chart-", dir=folder_of_this_process()))
    variables = _login(work, repository or chart, access.username, access.password)
    place = f"charts/{chart}" if repository else chart
    pinned = ("--version", version) if version else ()
    try:
        if repository:
            _helm("repo", "update", "charts", variables=variables, path=path)
        pull = ("pull", place, *pinned, "--untar", "--destination", str(work / "chart"))
        _helm(*pull, variables=variables, path=path)
    except NotRenderedError as error:
        return error
    return str(next((work / "chart").iterdir()))


def _login(work: Path, address: str, username: str, password: str) -> dict[str, str]:
    """Helm's own files, which hold the login for this address alone."""
    host = urlsplit(address).netloc
    auth = {"auth": b64encode(f"{username}:{password}".encode()).decode()}
    registry = {"auths": dict.fromkeys(_DOCKER_HUB if host in _DOCKER_HUB else (host,), auth) if password else {}}
    repository = {"name": "charts", "url": address, "username": username, "password": password}
    files = {"registry.json": json.dumps(registry), "repositories.yaml": yaml.safe_dump({"repositories": [repository]})}
    for name, text in files.items():
        path = work / name
        path.touch(mode=0o600)
        path.write_text(text)
    (work / "chart").mkdir()
    # Without a login, helm's own stands.
    own = {"HELM_REGISTRY_CONFIG": str(work / "registry.json")} if password else {}
    return {
        **own,
        "HELM_REPOSITORY_CONFIG": str(work / "repositories.yaml"),
        "HELM_REPOSITORY_CACHE": str(work / "cache"),
    }


def _helm(*arguments: str, given: str = "", variables: Mapping[str, str] | None = None, path: str | None = None) -> str:
    executable = shutil.which("helm", path=path)
    if executable is None:
        raise NotRenderedError("helm is not on PATH")
    try:
        done = subprocess.run(
            (executable, *arguments),
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, **(variables or {})},
        )
    except subprocess.TimeoutExpired:
        raise NotRenderedError(f"helm {arguments[0]} took over {_SECONDS} s") from None
    if done.returncode:
        # What it says may quote a value, so only that it failed is told.
        raise NotRenderedError(f"helm {arguments[0]} failed: run it by hand to see why")
    return done.stdout
