"""Values and variables by which the server reports of its use (contract 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from components.values.environment import EnvironmentVariable, variable
from components.values.hocon import flag, quoted
from settings.models.server.release import Server
from settings.models.server.reporting import ApiAudit, UsageAggregator, UsageReporter

_CALLS = "CLEARML__apiserver__log_calls"
_ADAPTER = "CLEARML__apiserver__apilog__adapter"
_FLUENTD = "CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__"
_BY_DEFAULT = "CLEARML__apiserver__endpoints___default__"


def audit_values(audit: ApiAudit) -> dict[str, Any]:
    """Of the chart's part `apiserver`: its switch, which sets both variables for the container's own output."""
    return {"logCalls": True} if _by_chart(audit) else {}


def audit_variables_of_chart(audit: ApiAudit) -> tuple[str, ...]:
    """The variables that the chart sets by its switch; no other list may say them again."""
    return (_CALLS, _ADAPTER) if _by_chart(audit) else ()


def audit_environment(audit: ApiAudit) -> Iterator[EnvironmentVariable]:
    """What the switch does not say; nothing of an audit that is off."""
    if not audit.enabled:
        return
    if not _by_chart(audit):
        yield variable(_CALLS, flag(True))
        yield variable(_ADAPTER, quoted(audit.adapter))
    if audit.fluentd:
        yield variable(f"{_FLUENTD}host", quoted(audit.fluentd.host))
        yield variable(f"{_FLUENTD}port", str(audit.fluentd.port))
    for name, on in audit.by_default.model_dump(exclude_none=True).items():
        yield variable(f"{_BY_DEFAULT}log_{name}", flag(on))
    if audit.redact_identity is not None:
        yield variable("CLEARML__apiserver__apilog__redact_identity", flag(audit.redact_identity))
    if audit.rotation:
        yield variable("CLEARML__apiserver__apilog__rotation__time", quoted(audit.rotation))


def usage_values(server: Server, secrets: Mapping[str, pulumi.Input[str]]) -> dict[str, Any]:
    """`usageAggregator` and `usageScripts`, where they are on; of `secrets`, those of the metering service."""
    values: dict[str, Any] = {}
    if server.usage_aggregator.enabled:
        values["usageAggregator"] = {"enabled": True, **_aggregator(server.usage_aggregator, secrets)}
    if server.usage_scripts.enabled:
        reporters = {
            "storageResourcesExporter": server.usage_scripts.storage_resources_exporter,
            "companyLifecycle": server.usage_scripts.company_lifecycle,
        }
        told = {name: _reporter(each) for name, each in reporters.items()}
        values["usageScripts"] = {"enabled": True, **{name: each for name, each in told.items() if each}}
    return values


def _aggregator(aggregator: UsageAggregator, secrets: Mapping[str, pulumi.Input[str]]) -> dict[str, Any]:
    text = secrets.get("usageAggregatorConfiguration", aggregator.configuration)
    database = secrets.get("usageMongodbConnectionString")
    return {
        **({} if text is None else {"configuration": text}),
        **({} if database is None else {"externalServices": {"mongodbConnectionString": database}}),
    }


def _by_chart(audit: ApiAudit) -> bool:
    return audit.enabled and audit.adapter == "raw_log"


def _reporter(reporter: UsageReporter) -> dict[str, Any]:
    schedule = {"cronJob": {"schedule": reporter.schedule}} if reporter.schedule else {}
    return {**({} if reporter.enabled else {"enabled": False}), **schedule}
