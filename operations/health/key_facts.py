"""What the server knows of a key by its access key, for a reviewer; no call writes, and no secret is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from components.clearml.api.calls import credentials, users
from components.clearml.api.client import Client
from components.clearml.api.errors import ClearMLError, Forbidden, ImpersonationRefused, InvalidRequest
from components.clearml.credentials.key_times import time_of
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.health.connection import connection_of
from operations.health.hand_made_keys import key_in_words, one_line
from settings.errors import ConfigurationError
from settings.loading.load import Environment

_GONE = "not there: revoked already, or misspelt: compare with make status STACK={}"
_NOT_YET = "there; whose it is, the deploy asks when it knows the company: it refuses a key of another one"
_IN_USE = "; used within a day, so something may work with it still"
_DAY = timedelta(days=1)
_ELSEWHERE = "no key of this tenant's company: the deploy refuses it"


def key_facts(environment: Environment, stack: EngineStack, companies: Mapping[str, str]) -> Mapping[str, str]:
    """Owner, label and last use of each access key in `companies`, or why they are not known; two calls a key.

    `companies`: the id of the company that a key has to be of, empty if a preview does not know it yet. Of another
    company's key nothing is told: who lists it may not know that company.
    """
    found: dict[str, str] = {}
    if not companies:
        return found
    try:
        with Client(connection_of(environment, stack.settings())) as client:
            for access_key, company in companies.items():
                found[access_key] = key_fact(client, access_key, company, environment.name)
    except (ClearMLError, ConfigurationError, OperationError) as error:
        unknown = f"its label and last use are not known: {one_line(str(error))}"
        found.update({each: unknown for each in companies if each not in found})
    return found


def key_fact(client: Client, access_key: str, company: str, stack: str) -> str:
    """Of one key, whose tenant is one of `stack`. Raises FailedCall."""
    key = credentials.located(client, access_key)
    if key is None:
        return _GONE.format(stack)
    if not company:
        return _NOT_YET
    try:
        home = users.profile(client, key.user).user.company.id
    except (Forbidden, ImpersonationRefused, InvalidRequest):
        return _ELSEWHERE
    if home != company:
        return _ELSEWHERE
    return f"of {one_line(key.name or key.user)}, {key_in_words(key.label, key.last_used)}{_in_use(key.last_used)}"


def _in_use(last_used: object, now: datetime | None = None) -> str:
    """A warning; of a time in no form known to us there is none, for the time itself is told."""
    last = time_of(last_used)
    return _IN_USE if last and (now or datetime.now(UTC)) - last < _DAY else ""
