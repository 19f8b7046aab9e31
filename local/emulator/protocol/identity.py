"""Who a call is made as."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """User, company and role in effect; names are for messages and tokens."""

    user: str
    company: str
    role: str
    user_name: str
    company_name: str


@dataclass(frozen=True)
class Caller:
    """The outcome of authentication; `session` is the token's, if it was a token that was shown."""

    identity: Identity
    session: str | None = None
