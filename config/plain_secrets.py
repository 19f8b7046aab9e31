"""Finds secrets in plain text where the settings are free: chart values, pod templates, environment entries.

A value is judged by the name it stands under and never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from config.complaint import Complaint
from config.stack import StackSettings
from config.tenant import Tenant
from config.worker_checks import agent_key

_SECRET = re.compile(
    r"(?:passw(?:or)?d|passphrase|(?:^|_|git)pass|secret|token|(?:access|api|private|secret|user|glue)_?key)\Z"
)
# A user and a password in an address, wherever it stands.
_IN_ADDRESS = re.compile(r"://[^/\s:@]+:[^/\s@$]+@")
# `existingSecret: name` says where a secret is, and a switch is none.
_HARMLESS = re.compile(r"(?i)|true|false")
_PRIVATE_KEY = "PRIVATE KEY-----"


def check_plain_secrets(settings: StackSettings | None, tenants: Sequence[Tenant]) -> Iterator[Complaint]:
    """Everything that looks like a secret; `settings` is None if the stack's own file is at fault."""
    if settings:
        yield from _said("", _found(settings.server, "server"))
    for tenant in tenants:
        for use, agent in tenant.all_agents.items():
            yield from _said(tenant.name, _found(agent, agent_key(use)))
        if tenant.gateway:
            yield from _said(tenant.name, _found(tenant.gateway, "gateway"))


def _said(tenant: str, keys: Iterator[str]) -> Iterator[Complaint]:
    for key in keys:
        text = "looks like a secret in plain text (not shown); put it into a Secret of the cluster and name that, with"
        yield Complaint(
            tenant, key, f"{text} valueFrom: {{secretKeyRef: {{name: my-secret, key: my-key}}}} or the like"
        )


def _found(value: object, key: str) -> Iterator[str]:
    """Where in `value`, which stands at `key`, a text looks like a secret."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        value = {str(fields[name].alias): getattr(value, name) for name in value.model_fields_set}
    if isinstance(value, Mapping):
        name, text = value.get("name"), value.get("value")
        if isinstance(name, str) and isinstance(text, str) and _secret(name, text):
            yield f"{key}.value"
        for part, each in value.items():
            yield from _found(each, f"{key}.{part}")
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _found(each, f"{key}[{index}]")
    elif isinstance(value, str | int) and not isinstance(value, bool) and _secret(key.rpartition(".")[2], str(value)):
        yield key


def _secret(name: str, value: str) -> bool:
    folded = name.casefold()
    named = bool(_SECRET.search(folded)) and "existing" not in folded
    return (named and not _HARMLESS.fullmatch(value)) or _PRIVATE_KEY in value or bool(_IN_ADDRESS.search(value))
