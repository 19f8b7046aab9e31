"""What the server is to report, where that shows secrets or has nowhere to go."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.server.release import Server

METERING_DATA = "usageMongodbConnectionString"
METERING_CONFIGURATION = "usageAggregatorConfiguration"
_MONGODB = ("mongodbConnectionStringAuth", "mongodbConnectionStringBackend")


@check("what the server reports shows no secret and has somewhere to go")
def check_reporting(facts: Facts) -> Iterator[Finding]:
    """What the audit and the metering service need to be told."""
    if (settings := facts.settings) is None:
        return
    yield from _secrets(settings.server)
    yield from _metering(settings.server, facts.secrets)


def _secrets(server: Server) -> Iterator[Finding]:
    for name, key in (("data", "data"), ("result_data", "resultData")):
        if getattr(server.api_audit.by_default, name):
            text = "writes what is sent or answered into the log, secrets of new keys and of providers among it, where"
            said = f"{text} the server's own configuration does not leave them out; remove it, or close the log"
            yield Finding(setting("", f"server.apiAudit.byDefault.{key}"), said, WARNING)


def _metering(server: Server, secrets: Collection[str]) -> Iterator[Finding]:
    external = any(key in secrets for key in _MONGODB)
    written = server.extra_values.get("usageAggregator")
    services = written.get("externalServices") if isinstance(written, dict) else None
    told = METERING_DATA in secrets or (isinstance(services, dict) and services.get("mongodbConnectionString"))
    if server.usage_aggregator.enabled and external and not told:
        text = "keeps its data in the chart's own MongoDB, which is off here; say where another is with:"
        said = f"{text} pulumi config set --secret {METERING_DATA}"
        yield Finding(setting("", "server.usageAggregator.enabled"), said, WARNING)
    if server.usage_aggregator.configuration and METERING_CONFIGURATION in secrets:
        text = (
            f"is written here, and is set as the secret {METERING_CONFIGURATION}; take it out in one of the two places"
        )
        yield Finding(setting("", "server.usageAggregator.configuration"), text)
    if server.usage_scripts.enabled and not server.usage_aggregator.enabled:
        text = "report to the metering service, which is off; write usageAggregator: {enabled: true} beside it, unless"
        yield Finding(setting("", "server.usageScripts.enabled"), f"{text} another one takes their reports", WARNING)
