"""What ClearML's API and the charts' registries are asked, with the stack's own login at each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from components.charts.verify import chart_faults
from components.clearml.api.calls import companies
from components.clearml.api.client import Client
from components.clearml.api.errors import BadCredentials, ClearMLError, Forbidden
from operations.health.connection import connection_of
from operations.readiness.answer import Answer
from settings.loading.load import Environment

_SET = "pulumi config set --stack {} --secret {}"


def api(environment: Environment, values: Mapping[str, str] | None, *, is_deployed: bool) -> list[Answer]:
    """Whether the API answers, and takes the stack's key for one of the role `system`."""
    stack = environment.name
    if values is None:
        return [Answer("API", "not asked, for that needs the secrets", f"make ready STACK={stack} when they are set")]
    connection = connection_of(environment, values)
    try:
        with Client(connection) as client:
            count = len(companies.every(client))
    except (BadCredentials, Forbidden) as error:
        return [Answer("API", str(error), _SET.format(stack, "apiserverKey"))]
    except ClearMLError as error:
        remedy = f"make status STACK={stack}" if is_deployed else f"pulumi up --stack {stack}, which makes it"
        return [Answer("API", str(error), remedy)]
    return [Answer("API", f"{connection.url} answers with the stack's key, {count} companies")]


def charts(root: Path, environment: Environment, values: Mapping[str, str] | None) -> list[Answer]:
    """Whether each chart is there, and its registry takes the login."""
    stack, known = environment.name, environment.stack.charts.each()
    missing = [
        Answer("charts", f"{chart.chart} is no folder with a Chart.yaml", f"edit config/Pulumi.{stack}.yaml")
        for chart in known.values()
        if chart.is_folder and not (root / chart.chart / "Chart.yaml").is_file()
    ]
    if values is None and any(chart.address for chart in known.values()):
        text = "not asked for, since that needs the secrets"
        return [*missing, Answer("charts", text, f"make ready STACK={stack} when they are set")]
    for fault in chart_faults(environment, lambda key: (values or {}).get(key, ""), tell_unknown=True):
        text, _, command = fault.message.partition("; ")
        remedy = command.rpartition(": ")[2] if "pulumi config set" in command else f"edit {fault.where.file}"
        missing.append(Answer("charts", f"{fault.where.key}: {text}", remedy))
    return missing or [Answer("charts", f"{', '.join(chart.chart for chart in known.values())}: there")]
