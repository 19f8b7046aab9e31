"""The calls about a company's service accounts (contract 2.3, 2.4); each needs the identity of an admin of it."""

from __future__ import annotations

from components.clearml.api.calls.service_user_models import NewServiceUser, ServiceUser, ServiceUsers
from components.clearml.api.client import Client
from components.clearml.api.errors import InvalidRequest
from components.clearml.api.models import Empty

_UNKNOWN_USER = 301
# The key that comes with the account is revoked at once. Where that call is lost, this ends it.
FIRST_KEY_SECONDS = 60


def of_company(client: Client, admin_id: str) -> tuple[ServiceUser, ...]:
    """The service accounts of the admin's company."""
    return client.read("users.get_service_users", response=ServiceUsers, impersonate=admin_id).users


def create(client: Client, admin_id: str, name: str, *, runs_as_owner: bool) -> NewServiceUser:
    """Make a service account of role `user`. Not repeatable: each call makes one more."""
    body = {
        "name": name,
        "allow_running_as_owner": runs_as_owner,
        "credentials_expiration_sec": FIRST_KEY_SECONDS,
    }
    return client.write("auth.create_service_user", body, response=NewServiceUser, impersonate=admin_id)


def make_admin(client: Client, admin_id: str, user_id: str) -> None:
    """Give it the role `admin`, where the server's settings or the company's allow that."""
    client.write("auth.edit_user", {"user": user_id, "role": "admin"}, response=Empty, impersonate=admin_id)


def delete(client: Client, admin_id: str, user_id: str) -> None:
    """Remove it with all its keys; one that is gone already is fine."""
    try:
        client.write("auth.delete_user", {"user": user_id}, response=Empty, impersonate=admin_id)
    except InvalidRequest as refusal:
        if refusal.subcode != _UNKNOWN_USER:
            raise
