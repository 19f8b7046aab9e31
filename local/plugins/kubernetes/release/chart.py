"""Where a release's chart comes from, and which version it really is."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from local.plugins.errors import PluginError
from local.plugins.kubernetes.release.helm import Helm

_REPOSITORY = "release"


@dataclass(frozen=True)
class Source:
    """helm's arguments that name the chart, and the variables it needs to reach it."""

    arguments: list[str]
    variables: Mapping[str, str]


class Charts:
    """What the charts of this run are; a chart out of a repository is asked for once."""

    def __init__(self, helm: Helm) -> None:
        self._helm = helm
        self._lock = threading.Lock()
        self._versions: dict[str, str] = {}

    def version(self, inputs: Mapping[str, Any]) -> str:
        """The chart's own version. Raises PluginError, one line, if there is no such chart."""
        folder = Path(str(inputs["chart"]))
        if folder.is_dir():
            return _folder_version(folder)
        key = json.dumps([inputs.get(name) for name in ("chart", "version", "devel", "repositoryOpts")], sort_keys=True)
        with self._lock:
            if key not in self._versions:
                with self.source(inputs) as source:
                    devel = ["--devel"] if inputs.get("devel") else []
                    shown = self._helm.run(["show", "chart", *source.arguments, *devel], "", source.variables)
                self._versions[key] = _version(yaml.safe_load(shown), str(inputs["chart"]))
            return self._versions[key]

    @contextmanager
    def source(self, inputs: Mapping[str, Any]) -> Iterator[Source]:
        """A password lies in a private folder (files of mode 0600) for as long as the block runs, never in argv."""
        chart = str(inputs["chart"])
        options = inputs.get("repositoryOpts") or {}
        if Path(chart).exists():
            yield Source([chart], {})
            return
        repository = str(options.get("repo") or "")
        version = ["--version", str(inputs["version"])] if inputs.get("version") else []
        if repository.startswith("oci://"):
            chart = f"{repository.rstrip('/')}/{chart}"
        elif repository and "://" not in repository:
            chart = f"{repository}/{chart}"
        private = options.get("username") or options.get("password") or "@" in repository
        if not private:
            place = ["--repo", repository] if repository.startswith("http") else []
            yield Source([chart, *version, *place, *_certificates(options)], {})
            return
        with tempfile.TemporaryDirectory(prefix="helm-repository-") as folder:
            if chart.startswith("oci://"):
                variables = self._logged_in(Path(folder), chart, options)
                yield Source([chart, *version, *_certificates(options)], variables)
            else:
                variables = self._added(Path(folder), repository, options)
                yield Source([f"{_REPOSITORY}/{chart}", *version], variables)

    def _logged_in(self, folder: Path, chart: str, options: Mapping[str, Any]) -> dict[str, str]:
        variables = {"HELM_REGISTRY_CONFIG": str(folder / "registry.json")}
        user = ["--username", str(options.get("username", "")), "--password-stdin"]
        self._helm.run(
            ["registry", "login", urlsplit(chart).netloc, *user, *_certificates(options)],
            str(options.get("password", "")),
            variables,
        )
        return variables

    def _added(self, folder: Path, repository: str, options: Mapping[str, Any]) -> dict[str, str]:
        entry = {"name": _REPOSITORY, "url": repository}
        entry |= {name: str(options[name]) for name in ("username", "password") if options.get(name)}
        entry |= {name: str(options[name]) for name in ("caFile", "certFile", "keyFile") if options.get(name)}
        file = folder / "repositories.yaml"
        file.touch(mode=0o600)
        file.write_text(json.dumps({"apiVersion": "", "repositories": [entry]}))
        variables = {"HELM_REPOSITORY_CONFIG": str(file), "HELM_REPOSITORY_CACHE": str(folder / "cache")}
        self._helm.run(["repo", "update", "--fail-on-repo-update-fail", _REPOSITORY], "", variables)
        return variables


def _certificates(options: Mapping[str, Any]) -> list[str]:
    flags = {"caFile": "--ca-file", "certFile": "--cert-file", "keyFile": "--key-file"}
    return [part for name, flag in flags.items() if options.get(name) for part in (flag, str(options[name]))]


def _folder_version(folder: Path) -> str:
    file = folder / "Chart.yaml"
    try:
        return _version(yaml.safe_load(file.read_text(encoding="utf-8")), str(folder))
    except OSError as error:
        raise PluginError(f"{file}: {error.strerror}") from None
    except yaml.YAMLError:
        raise PluginError(f"{file}: not YAML") from None


def _version(metadata: Any, chart: str) -> str:  # noqa: ANN401
    if not isinstance(metadata, dict) or not metadata.get("version"):
        raise PluginError(f"{chart}: its Chart.yaml names no version")
    return str(metadata["version"])
