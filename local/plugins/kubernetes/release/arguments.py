"""Pure: helm's command line for a release. No value, secret or not, and no password is ever part of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BOTH = {
    "atomic": "--atomic",
    "devel": "--devel",
    "dependencyUpdate": "--dependency-update",
    "disableOpenapiValidation": "--disable-openapi-validation",
    "disableWebhooks": "--no-hooks",
    "renderSubchartNotes": "--render-subchart-notes",
    "skipCrds": "--skip-crds",
    "takeOwnership": "--take-ownership",
    "verify": "--verify",
}
_INSTALL = {"createNamespace": "--create-namespace", "replace": "--replace"}
_UPGRADE = {
    "cleanupOnFail": "--cleanup-on-fail",
    "forceUpdate": "--force",
    "resetValues": "--reset-values",
    "reuseValues": "--reuse-values",
}
_TEXTS = {"description": "--description", "keyring": "--keyring", "postrender": "--post-renderer"}


def install_arguments(inputs: Mapping[str, Any], chart: list[str]) -> list[str]:
    """`inputs` plain; `chart` is the chart and how to find it. Values are read from stdin."""
    return ["install", inputs["name"], *chart, *_common(inputs, _BOTH | _INSTALL)]


def upgrade_arguments(inputs: Mapping[str, Any], chart: list[str]) -> list[str]:
    """As above; without `maxHistory` every revision is kept, as the official plugin does."""
    history = ["--history-max", str(inputs.get("maxHistory") or 0)]
    return ["upgrade", inputs["name"], *chart, *_common(inputs, _BOTH | _UPGRADE), *history]


def uninstall_arguments(state: Mapping[str, Any]) -> list[str]:
    """A release that is gone already is no error."""
    return ["uninstall", state["name"], "--ignore-not-found", *_waiting(state)]


def _common(inputs: Mapping[str, Any], switches: Mapping[str, str]) -> list[str]:
    given = [flag for name, flag in switches.items() if inputs.get(name)]
    for name, flag in _TEXTS.items():
        if inputs.get(name):
            given += [flag, str(inputs[name])]
    if inputs.get("waitForJobs") and not inputs.get("skipAwait"):
        given.append("--wait-for-jobs")
    return [*given, *_waiting(inputs), "--values", "-", "--output", "json"]


def _waiting(inputs: Mapping[str, Any]) -> list[str]:
    wait = [] if inputs.get("skipAwait") and not inputs.get("atomic") else ["--wait"]
    return [*wait, "--timeout", f"{int(inputs['timeout'])}s"] if inputs.get("timeout") else wait
