"""Which calls can go wrong, and how: for every test that makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from components.clearml.api.errors import ClearMLError

KINDS = (
    "refuse",
    "slow",
    "late",
    "error-before",
    "error-after",
    "lost-answer",
    "rate-limit",
    "html",
    "truncated",
    "bomb",
)
_SECONDS = {"slow": 0.05, "late": 0.05, "rate-limit": 0.0}

WRITES = (
    "system.create_company",
    "organization.update_company_name",
    "auth.create_user",
    "users.update",
    "system.update_company_settings",
    "auth.create_credentials",
    "auth.revoke_credentials",
    "login.set_domains",
    "login.add_whitelist_entries",
    "login.remove_whitelist_entries",
)
READS = (
    "system.get_companies",
    "auth.get_users_info",
    "users.get_current_user",
    "users.get_all",
    "auth.login",
    "system.company_info",
    "auth.get_credentials",
    "login.get_whitelist",
    "login.get_settings",
)
ENDPOINTS = (*WRITES, *READS, "*")


def fault(endpoint: str, kind: str, times: int) -> dict[str, Any]:
    """So many next calls of the endpoint go wrong, without waiting longer than needed."""
    given: dict[str, Any] = {"endpoint": endpoint, "kind": kind, "times": times}
    return {**given, "seconds": _SECONDS[kind]} if kind in _SECONDS else given


def attempt(act: Callable[[], Any]) -> str | None:
    """The one line of a failed run, None of one that succeeded."""
    try:
        act()
    except ClearMLError as failure:
        lines = str(failure).splitlines()
    else:
        return None
    assert len(lines) == 1
    return lines[0]
