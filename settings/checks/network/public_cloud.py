"""Warns of ClearML's own cloud among the addresses of a server of one's own: SDK and public charts fall back to it.

A `clearml.conf` that `clearml-init` wrote, or the public agent chart's values, hold its addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.types.naming import worker_key
from settings.types.tree import nodes

_CLOUD = "clear.ml"
_ADDRESS = re.compile(r"(?<![\w.-])(?:demo)?(?:api|app|files)(?:\.[a-z0-9-]+)*\.clear\.ml(?![\w-]|\.\w)", re.IGNORECASE)


@check("nothing leads to ClearML's own cloud in place of the stack's server")
def check_public_cloud(facts: Facts) -> Iterator[Finding]:
    """Each address of it; none where the server itself is there."""
    settings = facts.settings
    if settings is None or f".{settings.base_domain}".endswith(f".{_CLOUD}"):
        return
    for part in ("server", "serverUrls"):
        yield from _warnings("", part, settings.server if part == "server" else settings.server_urls)
    for tenant in facts.tenants:
        yield from _warnings(tenant.name, "serverUrls", tenant.server_urls)
        for use, worker in tenant.all_workers.items():
            yield from _warnings(tenant.name, worker_key(use), worker)


def _warnings(tenant: str, key: str, value: object) -> Iterator[Finding]:
    for where, host in _addresses(value, key):
        text = f"{host!r} is ClearML's own cloud, where data of the tenants would go and their keys are not known; take"
        yield Finding(setting(tenant, where), f"{text} it out, or write this server's own address", WARNING)


def _addresses(value: object, key: str) -> Iterator[tuple[str, str]]:
    """Where in `value`, which stands at `key`, such an address is, and which."""
    for where, each in nodes(value, key):
        if isinstance(each, str) and (match := _ADDRESS.search(each)):
            yield where, match[0]
