"""The table that a person sees after `make up` and in `make status`: what now exists, and where to look next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.checkout import Checkout
from local.progress import console, note
from operations.health.stack import Health, row_of


def show(checkout: Checkout, outputs: Mapping[str, Any]) -> None:
    """Print the server, each tenant, and the next commands; access keys are identifiers, secrets are never here."""
    _server(outputs["server"]).show()
    for name, tenant in sorted(outputs["tenants"].items()):
        _tenant(name, tenant).show()
    _next(checkout)


def show_health(checkout: Checkout, outputs: Mapping[str, Any], health: Health) -> None:
    """Print the server, one row a tenant with how its workers are, and the next commands."""
    _server(outputs["server"]).show()
    console.print("\nTenants")
    width = max(map(len, outputs["tenants"]), default=0)
    for name, tenant in sorted(outputs["tenants"].items()):
        workers = row_of(health[name]) if name in health else "health unknown"
        note(f"  {name:<{width}}  {tenant['company']}  {workers}")
    _next(checkout)


@dataclass(frozen=True)
class Rows:
    """A title, and below it names with what is to be said of each; a long value stays one line, to be copied."""

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, said: str) -> None:
        """One more row."""
        self.rows.append((name, said))

    def show(self) -> None:
        """Print them, names in a column of their own."""
        note(self.title)
        width = max((len(name) for name, _ in self.rows), default=0)
        for name, said in self.rows:
            note(f"  {name:<{width}}  {said}")


def _server(server: Mapping[str, Any]) -> Rows:
    rows = Rows("\nServer")
    rows.add("web", server["url"])
    rows.add("release", f"{server['release']} {server['chartVersion']}: {server['status']}")
    rows.add("namespace", server["namespace"])
    rows.add("supervisor", server["supervisorEmail"])
    for name, url in server.get("callbackUrls", {}).items():
        rows.add(f"callback {name}", url)
    return rows


def _tenant(name: str, tenant: Mapping[str, Any]) -> Rows:
    rows = Rows(f"\nTenant {name}")
    rows.add("company", f"{tenant['company']}  {tenant['companyId']}")
    rows.add("admin", f"{tenant['adminEmail']}  {tenant['adminId']}")
    for use, key in tenant["credentials"].items():
        rows.add(f"{use} key", f"{key['accessKey']}  {key['label']}  {age(key['created'])}")
    for rule, entries in tenant["signIn"].items():
        rows.add(f"sign-in {rule}", ", ".join(entries) or "-")
    rows.add("namespace", tenant["namespace"])
    for use, release in tenant["releases"].items():
        rows.add(f"{use} release", f"{release['name']} revision {release['revision']}: {release['status']}")
    return rows


def age(created: str, now: datetime | None = None) -> str:
    """How old a key is, in days; `created` is the stack's output, a time with its zone.

    The output is the time and not the age: an age would be another one each day, and no preview empty.
    """
    days = ((now or datetime.now(UTC)) - datetime.fromisoformat(created)).days
    return "made today" if days < 1 else f"{days} day{'s' * (days > 1)} old"


def _next(checkout: Checkout) -> None:
    console.print(
        "\nNext: `make status` shows how everything is; edit config/tenants/local/*.yaml, then `make preview`;\n"
        f'`eval "$(make env)"` points pulumi, helm and kubectl here; the API answers on {checkout.api_url}.',
        markup=False,
    )
