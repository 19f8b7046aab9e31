"""Identity providers of companies, with what is not secret in them; of the client secret a digest only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.emulator.store import clock
from local.emulator.store.database import Database

# What the document's call sends (contract 6.1); anything else is ignored, as unknown fields are everywhere.
_KNOWN = (
    "display_name",
    "client_id",
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "end_session_endpoint",
    "logout_from_provider",
    "claim_tenant",
    "claim_name",
    "group_enabled",
    "claim_groups",
    "group_prohibit_user_login_if_not_in_group",
)
_SECRET = "client_secret"  # noqa: S105 - a field's name


@dataclass(frozen=True)
class Provider:
    """`configuration` and `secret_digest` are shown to tests alone, never by the API."""

    id: str
    provider: str
    display_name: str
    category: str
    active: bool
    last_update: str
    configuration: dict[str, Any]
    secret_digest: str | None


def digest(company: str, secret: str) -> str:
    """By which a test sees that the right client secret arrived."""
    return hashlib.sha256(f"{company}:{secret}".encode()).hexdigest()


def save(db: Database, company: str, provider: str, given: Mapping[str, Any]) -> None:
    """Make or change the configuration of `given["id"]`, by default the provider's; whether it is active stays."""
    category = "saml" if "saml" in provider.lower() else "oidc"
    configuration = json.dumps({name: given[name] for name in _KNOWN if name in given})
    secret = digest(company, str(given[_SECRET])) if given.get(_SECRET) else None
    name = str(given.get("display_name") or provider)
    db.run(
        "INSERT INTO sso_providers "
        "(company, id, provider, display_name, category, last_update, configuration, secret_digest) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (company, id) DO UPDATE SET provider = excluded.provider, "
        "display_name = excluded.display_name, category = excluded.category, last_update = excluded.last_update, "
        "configuration = excluded.configuration, secret_digest = excluded.secret_digest",
        *(company, str(given.get("id") or provider), provider, name, category, clock.now(), configuration, secret),
    )


def of_company(db: Database, company: str) -> list[Provider]:
    rows = db.all("SELECT * FROM sso_providers WHERE company = ? ORDER BY rowid", company)
    return [
        Provider(
            row["id"],
            row["provider"],
            row["display_name"],
            row["category"],
            bool(row["active"]),
            row["last_update"],
            json.loads(row["configuration"]),
            row["secret_digest"],
        )
        for row in rows
    ]


def set_active(db: Database, company: str, ids: Iterable[str], *, active: bool) -> int:
    """Returns how many changed."""
    statement = "UPDATE sso_providers SET active = ? WHERE company = ? AND id = ? AND active != ?"
    return sum(db.run(statement, active, company, each, active) for each in ids)


def delete(db: Database, company: str, ids: Iterable[str]) -> int:
    """Returns how many there were."""
    return sum(db.run("DELETE FROM sso_providers WHERE company = ? AND id = ?", company, each) for each in ids)


def shown(provider: Provider) -> dict[str, Any]:
    """As the API shows it."""
    names = ("id", "provider", "display_name", "category", "active", "last_update")
    return {**{name: getattr(provider, name) for name in names}, "readonly": False}


def held(provider: Provider) -> dict[str, Any]:
    """As a test may see it."""
    more = {"configuration": provider.configuration, "secret_digest": provider.secret_digest}
    return {**shown(provider), **more}
