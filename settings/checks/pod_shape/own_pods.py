"""The pods of the server and of workers, as free values of their charts shape them: what Kubernetes refuses is told.

A chart passes most of this on as it is, and the API server refuses it in the midst of a run. A chart may quote a text
by itself, so nothing here is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from settings.check_registry import check
from settings.checks.pod_shape import fields, resources
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.types.naming import worker_key

_RESOURCES = "resources"


@check("pods of the server and of workers are ones that Kubernetes takes", precedence="last")
def check_own_pods(facts: Facts) -> Iterator[Finding]:
    """A warning for each value that Kubernetes does not take as it is written."""
    if facts.settings:
        for path, text in _below(facts.settings.server.extra_values, "server.extraValues"):
            yield Finding(setting("", path), text, WARNING)
    for tenant in facts.tenants:
        for use, worker in tenant.all_workers.items():
            for path, text in _below(worker.extra_values, f"{worker_key(use)}.extraValues"):
                yield Finding(setting(tenant.name, path), text, WARNING)


def _below(values: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for key, text in fields.of_chart(values):
        yield f"{path}.{key}", text
    for name, value in values.items():
        at = f"{path}.{name}"
        if name == _RESOURCES:
            for key, text in (*resources.refused(value, None), *resources.tiny(value)):
                yield f"{at}.{key}", f"{text}, so no such pod starts" if "; " not in text else text
        elif isinstance(value, Mapping):
            yield from _below(value, at)
