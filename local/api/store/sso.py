"""Identity providers of companies: what the API shows of them; the client secret is not kept at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from local.api import clock
from local.api.store.database import Database


@dataclass(frozen=True)
class Provider:
    id: str
    provider: str
    display_name: str
    category: str
    active: bool
    last_update: str


def save(db: Database, company: str, provider_id: str, provider: str, display_name: str) -> None:
    """Make or change the configuration of that id; whether it is active stays as it was."""
    category = "saml" if "saml" in provider.lower() else "oidc"
    db.run(
        "INSERT INTO sso_providers (company, id, provider, display_name, category, last_update) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (company, id) DO UPDATE SET provider = excluded.provider, "
        "display_name = excluded.display_name, category = excluded.category, last_update = excluded.last_update",
        *(company, provider_id, provider, display_name, category, clock.now()),
    )


def of_company(db: Database, company: str) -> list[Provider]:
    rows = db.all("SELECT * FROM sso_providers WHERE company = ? ORDER BY rowid", company)
    return [
        Provider(
            row["id"], row["provider"], row["display_name"], row["category"], bool(row["active"]), row["last_update"]
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
    return {**asdict(provider), "readonly": False}
