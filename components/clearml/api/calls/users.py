"""The calls about users (contract 2.3, 2.4)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Sequence

from components.clearml.api.client import Client
from components.clearml.api.models import CurrentUser, Empty, IdResponse, Token, UserInfo, UserList, UsersInfo

_TOKEN_SECONDS = 60


def by_email(client: Client, email: str) -> UserInfo | None:
    """The user with this e-mail, in whatever company; else the one whose e-mail differs by its lower case alone."""
    return by_emails(client, [email, email.lower()]).get(email.casefold())


def by_emails(client: Client, emails: Sequence[str]) -> dict[str, UserInfo]:
    """Who has one of these e-mails, in whatever company, by the e-mail in lower case.

    The server matches exactly (contract 1.6), so each is sent as given; of two that differ in case the first counts.
    """
    asked = list(dict.fromkeys(emails))
    found = client.read("auth.get_users_info", {"emails": asked}, response=UsersInfo).users.values()
    order = {email: index for index, email in reversed([*enumerate(asked)])}
    wanted = {email.casefold() for email in asked}
    those = [user for user in found if user.email and user.email.casefold() in wanted]
    last_first = sorted(those, key=lambda user: order.get(str(user.email), len(asked)), reverse=True)
    return {str(user.email).casefold(): user for user in last_first}


def by_ids(client: Client, user_ids: Sequence[str]) -> tuple[UserInfo, ...]:
    """The users of these ids, in whatever company, with their roles."""
    found = client.read("auth.get_users_info", {"users": list(user_ids)}, response=UsersInfo).users.values()
    wanted = set(user_ids)
    return tuple(user for user in found if user.id in wanted)


def own_company(client: Client) -> str | None:
    """The company of the key that we sign in with: in a token's identity (contract 1.2), as such a key need not have a
    user's record. None if the token is not to be read.
    """
    body = {"expiration_sec": _TOKEN_SECONDS, "set_cookie": False}
    token = client.read("auth.login", body, response=Token).token
    try:
        payload = token.split(".")[1]
        identity = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["identity"]
        return str(identity["company"])
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def exists(client: Client, user_id: str) -> bool:
    """Whether the server knows the id."""
    found = client.read("auth.get_users_info", {"users": [user_id]}, response=UsersInfo).users.values()
    return any(user.id == user_id for user in found)


def profile(client: Client, user_id: str) -> CurrentUser:
    """Name, role, company and features, seen with the user's own eyes. Raises ImpersonationRefused if it is gone."""
    body = {"get_supported_features": True}
    return client.read("users.get_current_user", body, response=CurrentUser, impersonate=user_id)


def colleagues(client: Client, user_id: str) -> tuple[UserInfo, ...]:
    """The users of the user's company, itself included, as its admin sees them."""
    return client.read("users.get_all", {"include_auth": True}, response=UserList, impersonate=user_id).users


def create_admin(client: Client, company_id: str, name: str, email: str) -> str:
    """Make the tenant's internal admin; returns its id. An e-mail in use is a Duplicate."""
    body = {"name": name, "company": company_id, "email": email, "role": "admin", "internal": True}
    return client.write("auth.create_user", body, response=IdResponse).id


def rename(client: Client, user_id: str, name: str) -> None:
    """Give a user another name, signed in as that user; the e-mail stays, which no call changes."""
    client.write("users.update", {"user": user_id, "name": name}, response=Empty, impersonate=user_id)
