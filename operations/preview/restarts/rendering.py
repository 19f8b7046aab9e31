"""What charts make of releases' inputs, by helm: previews, `up` and comments tell restarts from here alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pulumi.runtime import rpc

from operations.preview.restarts.release_restarts import (
    NotRenderedError,
    Pods,
    Render,
    Restarts,
    changed_releases,
    pods_of,
    restarts_of,
)
from operations.preview.restarts.stand_ins import Inputs, filled
from operations.preview.steps import Step
from rendering import helm
from rendering.unknown import MARKS, UNKNOWN
from settings.types.registries import registry_of

_SECRET = "[secret]"  # noqa: S105 - the engine's word for one


@dataclass(frozen=True)
class Login:
    """The password of who signs in at `host` for charts, as a stack has it; no other host is told it."""

    host: str
    password: str = field(repr=False)

    def added_to(self, release: Mapping[str, Any]) -> Mapping[str, Any]:
        """The release with the password in the place of the engine's mark, if its chart is there and it has a user."""
        options = release.get("repositoryOpts")
        if not isinstance(options, dict) or not options.get("username"):
            return release
        address = str(options.get("repo") or release.get("chart"))
        if not address.startswith(("oci://", "https://")) or registry_of(urlsplit(address).netloc) != self.host:
            return release
        return {**release, "repositoryOpts": {**options, "password": self.password}}


def rendering(root: Path, *, path: str | None = None, login: Login | None = None) -> Render:
    """Renders with the charts in the folders of `root`, or from where they are, with the login.

    Helm is looked for in `path`, the process's own if None. What is returned raises NotRenderedError.
    """

    def pods(inputs: Inputs) -> Pods:
        release: Mapping[str, Any] = {name: known(value) for name, value in inputs.items()}
        if login is not None:
            release = login.added_to(release)
        if not _is_there(root, release):
            raise NotRenderedError("its chart's folder has another version")
        name, namespace = str(inputs.get("name")), str(inputs.get("namespace"))
        try:
            return pods_of(helm.objects_of(release, name, namespace, root=root, path=path))
        except (helm.NotRenderedError, OSError) as error:
            raise NotRenderedError(str(error)) from None

    return pods


def _is_there(root: Path, release: Mapping[str, Any]) -> bool:
    """A folder has one version of its chart. A description tells which files it was; without one the version has to."""
    chart, version = str(release.get("chart")), release.get("version")
    if "://" in chart or release.get("repositoryOpts") or release.get("description") or not version:
        return True
    try:
        found = yaml.safe_load((root / chart / "Chart.yaml").read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError):
        return True
    return isinstance(found, dict) and str(found.get("version")) == str(version)


def restarts_in(steps: Iterable[Step], before: Render, after: Render) -> Mapping[str, Restarts]:
    """Of every changed release, by URN."""
    changed = list(changed_releases(steps))
    with ThreadPoolExecutor(cpu_count()) as pool:
        told = pool.map(lambda step: restarts_of(step, before, after), changed)
        return {step.urn: found for step, found in zip(changed, told, strict=True)}


def refused_values(steps: Iterable[Step], before: Render, after: Render) -> Iterator[str]:
    """A line for each changed release of whose new values its chart makes nothing, though it did of those before."""
    for step in changed_releases(steps):
        whole = {**step.new, "values": filled(step.old.get("values"), step.new.get("values"), "values")}
        if not (_renders(after, step.new) or _renders(after, whole)) and _renders(before, step.old):
            text = "its chart makes nothing of the new values, though it did of those before; helm template says why"
            yield f"{step.tenant or 'server'}: release {step.name}: {text}"


def _renders(render: Render, inputs: Inputs) -> bool:
    try:
        render(inputs)
    except NotRenderedError:
        return False
    return True


def known(value: Any) -> Any:  # noqa: ANN401 - whatever a property holds
    """The value as policies and charts see it: what the engine does not show is UNKNOWN."""
    if isinstance(value, dict):
        return UNKNOWN if rpc._special_sig_key in value else {name: known(each) for name, each in value.items()}
    if isinstance(value, list):
        return [known(each) for each in value]
    return UNKNOWN if value == _SECRET or value in MARKS else value
