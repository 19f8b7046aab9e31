"""How this program runs any Helm chart: one place for what Helm is told on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.charts.access import ChartAccess
from components.kinds.helm import Release
from components.kubernetes_plugin import drops_nulls
from components.values.nulls import takes_away
from settings.models.charts import Chart

# Helm keeps every revision as a Secret for ever by default; ten are enough to go back to.
MAX_HISTORY = 10


def release(
    name: str,
    chart: Chart,
    namespace: pulumi.Input[str],
    values: Mapping[str, Any],
    opts: pulumi.ResourceOptions,
    *,
    access: ChartAccess,
    called: str | None = None,
) -> Release:
    """The Helm release `name`, ready before anything that depends on it starts; `access` reaches its chart.

    Helm knows it as `called`, and by the same name if that is left out.
    """
    arguments = {
        "name": called or name,
        "namespace": namespace,
        "chart": access.place(chart),
        "version": chart.version,
        "repositoryOpts": access.options(chart),
        "values": values,
        # A changed template is a change: the engine compares inputs, and a chart's folder is one by its name only.
        "description": access.description(chart),
        # Only where it is needed: other releases stay as they are in the state, and a later plugin warns of it.
        "allowNullValues": True if takes_away(values) and drops_nulls() else None,
        "timeout": access.timeout(chart),
        "maxHistory": MAX_HISTORY,
        # Undoing a failed upgrade would take away what shows why it failed; the next `up` goes on from there.
        "atomic": False,
        "cleanupOnFail": False,
        # Wait for readiness: the company needs an API that answers, a person wants to know that it does.
        "skipAwait": False,
        # The namespace is ours, with its labels, and is there before.
        "createNamespace": False,
    }
    return Release(name, arguments, opts)


def summary(of: Release) -> dict[str, pulumi.Output[Any]]:
    """Name, status (as Helm says it) and revision, for the program's outputs."""
    return {"name": of.name, "status": of.status["status"], "revision": of.status["revision"]}
