"""The supervisor, who sees every tenant: its entries in the apiserver's environment, and the Secret with its pair.

The document has the pair among the other variables. There it would hide all of them from whoever reviews a change: the
kubernetes plugin hides a whole list for one secret in it (ADR 2).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import pulumi

from components.values.environment import EnvironmentVariable, from_secret, rolled_by_supervisor, variable
from components.values.hocon import flag, quoted, quoted_secret, texts, word
from settings.loading.secrets import Secrets
from settings.models.server.release import Supervisor
from settings.types.naming import SUPERVISOR_SECRET

_PREFIX = "CLEARML__secure__credentials__supervisor__"
# In the Secret as in the server's configuration.
KEY_ENTRY = "user_key"
SECRET_ENTRY = "user_secret"  # noqa: S105 - the entry's name


def supervisor_environment(supervisor: Supervisor, secrets: Secrets) -> Iterator[EnvironmentVariable]:
    """In the document's order; last what rolls the pods with the pair: a changed Secret does not (contract 4.4)."""
    yield variable("CLEARML__services__workers__resource_usages__supervisor_company", word(supervisor.company))
    yield variable(f"{_PREFIX}role", "system")
    yield variable(f"{_PREFIX}allow_login", flag(True))
    for entry in (KEY_ENTRY, SECRET_ENTRY):
        yield from_secret(f"{_PREFIX}{entry}", SUPERVISOR_SECRET, entry)
    yield variable(f"{_PREFIX}sec_groups", texts(supervisor.groups))
    yield variable(f"{_PREFIX}email", quoted(supervisor.email or ""))
    yield rolled_by_supervisor((secrets.apiserver_key, secrets.apiserver_secret), _pair(secrets))


def supervisor_data(secrets: Secrets) -> dict[str, pulumi.Input[str]]:
    """The Secret's `data`, secret: base64, as it is read back, so that a refresh compares like with like."""
    return {entry: pulumi.Output.secret(_encoded(text)) for entry, text in supervisor_texts(secrets).items()}


def supervisor_texts(secrets: Secrets) -> dict[str, pulumi.Input[str]]:
    """What the Secret holds: the pair as the server's parser takes it.

    The quotes stand in the Secret, because a variable's value comes from there as it is (contract 3.1).
    """
    key, secret = _pair(secrets)
    return {KEY_ENTRY: quoted_secret(key), SECRET_ENTRY: quoted_secret(secret)}


def _pair(secrets: Secrets) -> tuple[pulumi.Input[str], pulumi.Input[str]]:
    return secrets.supervisor_key or "", secrets.supervisor_secret or ""


def _encoded(text: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.from_input(text).apply(lambda known: b64encode(known.encode()).decode())
