"""What the server reports of its use: each API call, and what tenants consume (contract 4.1)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from settings.models.base import Settings
from settings.types.addresses import Address
from settings.types.kubernetes.schedule import Schedule
from settings.types.texts import Holds


def _configuration(text: str) -> str:
    """Of any number of lines."""
    if not text.strip() or not text.replace("\n", "").replace("\t", "").isprintable():
        raise ValueError("is empty, or holds a control character; write it like 'pricing { currency: USD }'")
    return text


Configuration = Annotated[str, Holds("a text of any number of lines"), AfterValidator(_configuration)]


class Fluentd(Settings):
    """Where Fluentd listens."""

    host: Address = Field(description="Its host.", examples=["fluentd.logging.svc"])
    port: int = Field(default=24224, description="Its port.", ge=1, le=65535, examples=["24225"])


class LoggedByDefault(Settings):
    """What is logged of an endpoint that the server's own configuration does not name."""

    call: bool | None = Field(
        default=None, description="Whether the call is: its name, its time, and who made it.", examples=["true"]
    )
    data: bool | None = Field(default=None, description="Whether what was sent is.", examples=["false"])
    result_data: bool | None = Field(default=None, description="Whether what was answered is.", examples=["false"])


class ApiAudit(Settings):
    """A log entry for each API call: endpoint, caller, address, duration, result."""

    enabled: bool = Field(default=False, description="Whether the server writes them.", examples=["true"])
    adapter: Literal["raw_log", "logging", "elastic"] = Field(
        default="raw_log",
        description="Where they go: to the container's own output, to Fluentd, or to Elasticsearch.",
    )
    fluentd: Fluentd | None = Field(
        default=None,
        description="Where Fluentd is, with the adapter `logging`.",
        examples=["{host: fluentd.logging.svc}"],
    )
    by_default: LoggedByDefault = Field(
        default=LoggedByDefault(),
        description="What is logged of endpoints that the server's own configuration does not name.",
        examples=["{call: true}"],
    )
    redact_identity: bool | None = Field(
        default=None, description="Whether entries leave out who called.", examples=["true"]
    )
    rotation: Literal["monthly", "quarterly", "yearly"] | None = Field(
        default=None, description="The period that a tag or index ends with.", examples=["monthly"]
    )

    @model_validator(mode="after")
    def _parts_fit(self) -> ApiAudit:
        if self.fluentd and self.adapter != "logging":
            raise ValueError("has fluentd, which is for the adapter logging; write adapter: logging, or remove it")
        if self.adapter == "logging" and self.enabled and not self.fluentd:
            raise ValueError(
                "needs fluentd for the adapter logging; write it like fluentd: {host: fluentd.logging.svc}"
            )
        return self


class UsageAggregator(Settings):
    """The metering service of the server's chart, which keeps its data in the MongoDB that the chart brings.

    Another one is told by the secret `usageMongodbConnectionString`.
    """

    enabled: bool = Field(default=False, description="Whether there is one.", examples=["true"])
    configuration: Configuration | None = Field(
        default=None,
        description=(
            "Which events it takes, how it counts them and what they cost; the service's own text. One with a secret "
            "in it is the stack's secret `usageAggregatorConfiguration` instead."
        ),
        examples=["'pricing { currency: USD }'"],
    )


class UsageReporter(Settings):
    """One script that reports to the metering service."""

    enabled: bool = Field(default=True, description="Whether it runs.", examples=["false"])
    schedule: Schedule | None = Field(
        default=None, description="When it runs, as cron has it; every hour if left out.", examples=["'0 */6 * * *'"]
    )


class UsageScripts(Settings):
    """What the server's chart reports to the metering service."""

    enabled: bool = Field(default=False, description="Whether they run.", examples=["true"])
    storage_resources_exporter: UsageReporter = Field(
        default=UsageReporter(), description="Reports what the store of files holds.", examples=["{enabled: false}"]
    )
    company_lifecycle: UsageReporter = Field(
        default=UsageReporter(),
        description="Reports how many users and service accounts tenants have.",
        examples=["{enabled: false}"],
    )
