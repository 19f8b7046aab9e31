"""Whether the server does not let us act as a user because the user's whole company was deleted.

A soft deletion leaves the users, and nobody can act as them; what they held cannot be used either (contract 1.3, 2.2).
"""

from __future__ import annotations

from pydantic import field_validator

from components.clearml.api.client import Client
from components.clearml.api.errors import Forbidden, InvalidRequest
from components.clearml.api.models import ApiModel
from components.clearml.run.session import Session


class _Record(ApiModel):
    company: str | None = None

    @field_validator("company", mode="before")
    @classmethod
    def _id_alone(cls, value: object) -> object:
        return value.get("id") if isinstance(value, dict) else value


class _Found(ApiModel):
    """`users.get_by_id` (contract 2.4); its company is an id, or an object that has one."""

    user: _Record


def holds(session: Session, user_id: str) -> bool:
    """Whether a deleted company has the user; False if the server tells of neither. Raises FailedCall."""
    company_id = _company_of(session.client, user_id)
    return company_id is not None and session.cache.has_company(company_id) is False


def _company_of(client: Client, user_id: str) -> str | None:
    """Asked as ourselves: role `system` sees the users of every company, also of one that it cannot act in."""
    try:
        return client.read("users.get_by_id", {"user": user_id}, response=_Found).user.company
    except (InvalidRequest, Forbidden):
        return None
