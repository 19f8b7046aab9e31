"""Values of variables as the process reads them: HOCON for `CLEARML__…`, JSON for the web server's `WEBSERVER__…`.

The first line of a server that cannot read one of them is its last, after `up` has ended well. Agents and tasks read
`CLEARML_AGENT__…` by the same parser; what a task only takes for something else than is written is a warning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from settings.check_registry import check
from settings.checks.tenant_rules.pods.variables import entries_of, variables_of
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.extra import ExtraVariable
from settings.types.hocon_reading import in_quotes, is_read_as_hocon, is_read_by_workers, misread
from settings.types.secrets.names import is_secret_setting
from settings.types.secrets.url_login import holds_login

_WEB = "WEBSERVER__"
_JSON_WORDS = ("true", "false", "null")
_LONGEST = 60
_SEVERAL = ("is read as several", "would arrive as another list", "would read another file")
# Where a worker's own variables stand.
_OWN = re.compile(r"[\w.-]+\.extraEnvs\[\d+\]")


@check("values of extraEnvs arrive as they are written")
def check_environment_values(facts: Facts) -> Iterator[Finding]:
    """Every value that does not arrive as it is written."""
    settings, tenants = facts.settings, facts.tenants
    if settings:
        server = settings.server
        yield from _list("", "server.apiserver", server.apiserver.extra_envs)
        yield from _list("", "server.webserver", server.webserver.extra_envs)
        yield from _unread(server.webserver.extra_envs)
        yield from _of_tasks("", entries_of(server.extra_values, "server.extraValues"))
        for tenant in tenants:
            yield from _of_tasks(tenant.name, variables_of(tenant, settings).named)


def _of_tasks(tenant: str, variables: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Finding]:
    """What no parser reads stops a task as it stops a worker, and hides where it leads (`worker_variables.py`)."""
    for key, variable in variables:
        name, value = variable["name"], variable.get("value")
        said = misread(name, value) if isinstance(value, str) and is_read_by_workers(name) else None
        own = _OWN.fullmatch(key) is not None
        if said and ((own and is_read_as_hocon(name)) or _is_one_text(str(value), said)):
            stops = own or said.startswith("stops")
            text = f"{name}: {said.replace('stops the server', 'stops whatever reads it')}; {_fix(name, str(value))}"
            yield Finding(setting(tenant, f"{key}.value"), text, "error" if stops else WARNING)


def _is_one_text(value: str, said: str) -> bool:
    """Whether a text was meant: objects and more lines may set several settings on purpose, and are judged as such."""
    return "\n" not in value.strip() and not said.startswith(_SEVERAL)


def _list(tenant: str, key: str, variables: Sequence[ExtraVariable]) -> Iterator[Finding]:
    for index, variable in enumerate(variables):
        wrong = _wrong(variable.name, variable.value) if variable.value is not None else None
        if wrong:
            yield Finding(setting(tenant, f"{key}.extraEnvs[{index}].value"), f"{variable.name}: {wrong}")


def _unread(variables: Sequence[ExtraVariable]) -> Iterator[Finding]:
    for index, variable in enumerate(variables):
        if is_read_as_hocon(variable.name):
            text = (
                f"{variable.name}: the web server reads variables with {_WEB} alone, so this reaches nothing; write it "
                "so, or under server.apiserver if the API reads it"
            )
            yield Finding(setting("", f"server.webserver.extraEnvs[{index}].name"), text, WARNING)


def _wrong(name: str, value: str) -> str | None:
    if is_read_as_hocon(name):
        said = misread(name, value)
        return f"{said}; {_fix(name, value)}" if said else None
    if name.startswith(_WEB) and not _is_json(value):
        word = value.strip().lower()
        fix = f"write value: '{word}'" if word in _JSON_WORDS else _fix(name, value)
        return f"the web server reads this as JSON, and it is none; {fix}"
    return None


def _fix(name: str, value: str) -> str:
    shown = len(value) <= _LONGEST and value.isprintable() and not holds_login(value) and not is_secret_setting(name)
    example = in_quotes(value) if shown and not value.startswith(("[", "{", '"', "'")) else "'\"…\"'"
    return f"a text stands in quotes of its own: value: {example}"


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True
