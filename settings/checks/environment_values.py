"""Values of `extraEnvs` as the process reads them: HOCON for `CLEARML__…`, JSON for the web server's `WEBSERVER__…`.

The first line of a server that cannot read one of them is its last, after `up` has ended well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.extra import ExtraVariable
from settings.types.hocon_reading import in_quotes, is_read_as_hocon, misread
from settings.types.naming import worker_key
from settings.types.secrets.names import is_secret_setting
from settings.types.secrets.url_login import holds_login

_WEB = "WEBSERVER__"
_LONGEST = 60


@check("values of extraEnvs arrive as they are written")
def check_environment_values(facts: Facts) -> Iterator[Finding]:
    """Every value that does not arrive as it is written."""
    settings, tenants = facts.settings, facts.tenants
    if settings:
        server = settings.server
        yield from _list("", "server.apiserver", server.apiserver.extra_envs)
        yield from _list("", "server.webserver", server.webserver.extra_envs)
        yield from _unread(server.webserver.extra_envs)
    for tenant in tenants:
        for use, worker in tenant.all_workers.items():
            yield from _list(tenant.name, worker_key(use), worker.extra_envs)


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
        return f"the web server reads this as JSON, and it is none; {_fix(name, value)}"
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
