"""`kubernetes:helm.sh/v3:Release`: installed, upgraded, read and uninstalled by helm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.plugins.contract import Checked, Difference, Differences, Found, Operation
from local.plugins.difference import compare
from local.plugins.engine_log import EngineLog
from local.plugins.errors import PartlyMadeError, PluginError
from local.plugins.kubernetes.cluster import Cluster
from local.plugins.kubernetes.release.arguments import install_arguments, uninstall_arguments, upgrade_arguments
from local.plugins.kubernetes.release.chart import Charts
from local.plugins.kubernetes.release.helm import Helm, HelmError
from local.plugins.kubernetes.release.inputs import completed
from local.plugins.kubernetes.release.outcome import previewed, state_of
from local.plugins.properties import Properties, has_unknown, mask, plain, secret_texts

_NAME_TAKEN = "cannot re-use a name that is still in use"
_CHART_INPUTS = ("chart", "version", "repositoryOpts", "devel")


class Release:
    """A `Kind`. A failed install or upgrade that left a release behind is partly made; the next update mends it."""

    def __init__(self, helm: Helm, charts: Charts, cluster: Cluster, log: EngineLog) -> None:
        self._helm = helm
        self._charts = charts
        self._cluster = cluster
        self._log = log

    def check(self, operation: Operation) -> Checked:
        """Fills in the chart's own version, so that another version shows as a change; a chart that is not there
        fails here, in a preview already."""
        inputs = completed(operation, self._cluster.default_namespace)
        if has_unknown([inputs.get(name) for name in _CHART_INPUTS]):
            return Checked(inputs)
        try:
            inputs["version"] = self._charts.version(plain(inputs))
        except PluginError as error:
            return Checked(inputs, [("chart", mask(str(error), secret_texts(inputs)))])
        return Checked(inputs)

    def diff(self, operation: Operation) -> Differences:
        """Against the state, so that what a refresh found changed on the cluster is put right by the next update."""
        entries = compare(operation.state, operation.inputs, operation.old_inputs)
        return Differences(
            [
                Difference(entry.path, entry.change, entry.path[0] in {"name", "namespace"}, entry.of_inputs)
                for entry in entries
            ]
        )

    def create(self, operation: Operation) -> tuple[str, Properties]:
        if operation.preview:
            return "", previewed(operation.inputs)
        self._require("create")
        inputs = plain(operation.inputs)
        started = datetime.now(UTC)
        try:
            state = self._apply(operation, inputs, install_arguments)
        except HelmError as error:
            if _NAME_TAKEN not in str(error):
                self._left_behind(operation, inputs, started, error)
            raise PluginError(_told(error, operation)) from None
        return _identifier(inputs), state

    def update(self, operation: Operation) -> Properties:
        if operation.preview:
            return previewed(operation.inputs)
        self._require("update")
        inputs = plain(operation.inputs)
        started = datetime.now(UTC)
        try:
            return self._apply(operation, inputs, upgrade_arguments)
        except HelmError as error:
            self._left_behind(operation, inputs, started, error)
            raise PluginError(_told(error, operation)) from None

    def read(self, operation: Operation) -> Found | None:
        self._cluster.require()
        namespace, _, name = operation.identifier.rpartition("/")
        found = self._find(namespace, name)
        if found is None:
            return None
        release, chart = found
        inputs = operation.old_inputs
        if not inputs:
            inputs = {"name": name, "namespace": namespace, "chart": chart["name"], "version": chart["version"]}
            inputs |= {"values": release["config"]} if release.get("config") else {}
        return Found(operation.identifier, state_of(inputs, release, chart), inputs)

    def delete(self, operation: Operation) -> None:
        self._require("delete")
        state = plain(operation.state)
        try:
            self._helm.on_cluster(state["namespace"], uninstall_arguments(state))
        except HelmError as error:
            raise PluginError(_told(error, operation)) from None

    def _require(self, verb: str) -> None:
        try:
            self._cluster.require()
        except PluginError as error:
            raise PluginError(f"can't {verb} Helm Release: {error}") from None

    def _apply(self, operation: Operation, inputs: Mapping[str, Any], arguments: Any) -> Properties:  # noqa: ANN401
        values = json.dumps(inputs.get("values") or {})
        with self._charts.source(inputs) as source:
            if inputs.get("lint") and Path(source.arguments[0]).exists():
                self._helm.run(["lint", source.arguments[0], "--values", "-"], values)
            output = self._helm.on_cluster(
                inputs["namespace"], arguments(inputs, source.arguments), values, **source.variables
            )
        release = json.loads(output)
        return state_of(operation.inputs, release, release["chart"]["metadata"])

    def _find(self, namespace: str, name: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The release and its chart, None if there is no such release. Raises HelmError."""
        try:
            release = json.loads(self._helm.on_cluster(namespace, ["status", name, "--output", "json"]))
            told = json.loads(self._helm.on_cluster(namespace, ["get", "metadata", name, "--output", "json"]))
        except HelmError as error:
            if "release: not found" in str(error):
                return None
            raise
        return release, {"name": told["chart"], "version": told["version"], "appVersion": told.get("appVersion")}

    def _left_behind(
        self, operation: Operation, inputs: Mapping[str, Any], started: datetime, error: HelmError
    ) -> None:
        """Raises PartlyMadeError if this very run left a failed release; returns if all is as it was before."""
        found = self._find(inputs["namespace"], inputs["name"])
        if found is None:
            return
        release, chart = found
        made = datetime.fromisoformat(release["info"]["last_deployed"])
        if release["info"]["status"] != "failed" or made < started:
            return
        identifier = _identifier(inputs)
        message = f"Helm release {identifier} failed: {_told(error, operation)}"
        self._log.warn(
            operation.subject.urn, f"Helm release {identifier} is there with status failed; `up` tries again"
        )
        raise PartlyMadeError(message, identifier, state_of(operation.inputs, release, chart))


def _told(error: HelmError, operation: Operation) -> str:
    return mask(str(error), secret_texts([operation.inputs, operation.state]))


def _identifier(inputs: Mapping[str, Any]) -> str:
    return f"{inputs['namespace']}/{inputs['name']}"
