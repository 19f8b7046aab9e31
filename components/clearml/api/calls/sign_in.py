"""The calls about who may sign in to which tenant (contract 2.5); a tenant is named by a user of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.clearml.api.calls.sign_in_models import Addition, Rule, Rules, RulesIfAny, SignInSettings
from components.clearml.api.client import Client
from components.clearml.api.errors import InvalidRequest
from components.clearml.api.models import Empty

_ROLES_OF_ALL_SERVERS = ("admin", "user")


def settings(client: Client, user_id: str) -> SignInSettings:
    """The rules of the user's company."""
    return client.read("login.get_settings", response=SignInSettings, act_as=user_id)


def every_rule(client: Client) -> Rules | None:
    """The rules of all companies in one answer; None if this server wants a domain or an e-mail to filter by.

    A server that answers with nothing may want one too: who finds no rule at all asks for the one it means.
    """
    try:
        entries = client.read("login.get_whitelist", response=RulesIfAny).entries
    except InvalidRequest:
        return None
    return None if entries is None else Rules(entries=entries)


def rules_of_domain(client: Client, domain: str) -> tuple[Rule, ...]:
    """Entries of all companies whose e-mail is of this domain."""
    return client.read("login.get_whitelist", {"domain": domain}, response=Rules).entries


def rules_of_email(client: Client, email: str) -> tuple[Rule, ...]:
    """Entries that hold the e-mail; entries that only match by its domain may be among them."""
    return client.read("login.get_whitelist", {"email": email}, response=Rules).entries


def set_domains(client: Client, user_id: str, domains: Sequence[str]) -> None:
    """Replace the domains of the user's company."""
    client.write("login.set_domains", {"domains": list(domains)}, response=Empty, act_as=user_id)


def add(client: Client, user_id: str, emails: Sequence[str], *, role: str) -> frozenset[str] | None:
    """Whitelist e-mails; returns which were really new, None if the server does not tell.

    An e-mail that is there already keeps the role it has. A server that knows no other roles than `admin` and `user`
    ignores another, and adds users.
    """
    body: dict[str, Any] = {"emails": list(emails), "is_admin": role == "admin"}
    if role not in _ROLES_OF_ALL_SERVERS:
        body["role"] = role
    added = client.write("login.add_whitelist_entries", body, response=Addition, act_as=user_id).added
    return None if added is None else frozenset(email.casefold() for email in added)


def remove(client: Client, user_id: str, emails: Sequence[str]) -> None:
    """Remove e-mails nobody has signed in with yet; the others stay."""
    client.write("login.remove_whitelist_entries", {"emails": list(emails)}, response=Empty, act_as=user_id)
