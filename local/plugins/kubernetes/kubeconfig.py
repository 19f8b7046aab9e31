"""Which cluster: the provider's kubeconfig (path or content) and context, else the environment's KUBECONFIG."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from local.plugins.errors import PluginError
from local.plugins.kubernetes.settings import Settings

_SECTIONS = ("clusters", "contexts", "users")
_FILE_KEYS = ("certificate-authority", "client-certificate", "client-key", "tokenFile")


class KubeconfigError(PluginError):
    """No usable cluster: the official plugin takes that for an unreachable one, and so do we."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"configured Kubernetes cluster is unreachable: {reason}")


@dataclass(frozen=True)
class Kubeconfig:
    """One cluster, one user, one context; `file` is where all of it stands, if in one file as it is."""

    content: Mapping[str, Any] = field(repr=False)
    context: str
    namespace: str
    server: str
    file: Path | None

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """A file for helm: the user's own, else a private one (mode 0600) for as long as the block runs."""
        if self.file is not None:
            yield self.file
            return
        descriptor, name = tempfile.mkstemp(prefix="kubeconfig-", suffix=".json")
        try:
            with os.fdopen(descriptor, "w") as file:
                json.dump(self.content, file)
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)


def load(settings: Settings) -> Kubeconfig:
    """Raises KubeconfigError, one line, when there is none, it cannot be read, or the context is not in it."""
    where, contents, file = _sources(settings.kubeconfig)
    merged = _merged(contents)
    name = settings.context or str(merged.get("current-context") or "")
    context = dict(_named(merged, "contexts", name, where).get("context") or {})
    if settings.cluster:
        context["cluster"] = settings.cluster
    cluster = _named(merged, "clusters", str(context.get("cluster")), where)
    users = [user for user in merged["users"] if user.get("name") == context.get("user")]
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{"name": name, "context": context}],
        "clusters": [cluster],
        "users": users,
    }
    namespace = settings.namespace or str(context.get("namespace") or "default")
    server = str((cluster.get("cluster") or {}).get("server", ""))
    return Kubeconfig(content, name, namespace, server, None if settings.cluster else file)


def _sources(given: str) -> tuple[str, list[Mapping[str, Any]], Path | None]:
    """Where the configuration stands (for messages), its parts in order of precedence, and its file if it is one."""
    if given and not _is_path_list(given):
        return "the provider's kubeconfig", [_parse(given, "the provider's kubeconfig")], None
    listed = given or os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    paths = [Path(part).expanduser() for part in listed.split(os.pathsep) if part]
    present = [path for path in paths if path.is_file()]
    if not present:
        raise KubeconfigError(f"no kubeconfig: {listed} does not exist")
    contents = [_absolute(_parse(path.read_text(encoding="utf-8"), str(path)), path.parent) for path in present]
    return listed, contents, present[0].absolute() if len(present) == 1 else None


def _is_path_list(given: str) -> bool:
    """Content has a line break or a brace; a path that does not exist is still meant as a path."""
    return "\n" not in given.strip() and "{" not in given


def _parse(text: str, where: str) -> Mapping[str, Any]:
    try:
        parsed = yaml.safe_load(text)
    except yaml.YAMLError:
        parsed = None
    if not isinstance(parsed, dict) or not any(parsed.get(section) for section in _SECTIONS):
        raise KubeconfigError(f"failed to parse kubeconfig data in {where}")
    return parsed


def _absolute(parsed: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """Files are named relative to the kubeconfig; a merged one lies elsewhere."""
    for section, entry in (("clusters", "cluster"), ("users", "user")):
        for named in parsed.get(section) or []:
            details = named.get(entry) or {}
            details.update({key: str(folder / details[key]) for key in _FILE_KEYS if details.get(key)})
    return parsed


def _merged(contents: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The first to name something wins, as kubectl does."""
    merged: dict[str, Any] = {section: [] for section in _SECTIONS}
    for parsed in contents:
        merged["current-context"] = merged.get("current-context") or parsed.get("current-context")
        for section in _SECTIONS:
            known = {entry.get("name") for entry in merged[section]}
            merged[section] += [entry for entry in parsed.get(section) or [] if entry.get("name") not in known]
    return merged


def _named(merged: Mapping[str, Any], section: str, name: str, where: str) -> Mapping[str, Any]:
    for entry in merged[section]:
        if entry.get("name") == name:
            return dict(entry)
    kind = section.removesuffix("s")
    there = ", ".join(str(entry.get("name")) for entry in merged[section]) or "none"
    raise KubeconfigError(f'{kind} "{name}" does not exist in {where} (there: {there})')
