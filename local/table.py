"""The table that a person sees after `make up` and in `make status`: what now exists, and where to look next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from local.checkout import Checkout
from local.progress import console, note
from operations.health.stack import Health, row_of


def show(checkout: Checkout, outputs: Mapping[str, Any]) -> None:
    """Print the server, each tenant, and the next commands; access keys are identifiers, secrets are never here."""
    console.print(_server(outputs["server"]))
    for name, tenant in sorted(outputs["tenants"].items()):
        console.print(_tenant(name, tenant))
    _next(checkout)


def show_health(checkout: Checkout, outputs: Mapping[str, Any], health: Health) -> None:
    """Print the server, one row a tenant with how its workers are, and the next commands."""
    console.print(_server(outputs["server"]))
    console.print("\nTenants")
    width = max(map(len, outputs["tenants"]), default=0)
    for name, tenant in sorted(outputs["tenants"].items()):
        workers = row_of(health[name]) if name in health else "health unknown"
        note(f"  {name:<{width}}  {tenant['company']}  {workers}")
    _next(checkout)


def plain_table(title: str) -> Table:
    """A table without lines: a name and what is to be said of it."""
    table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _server(server: Mapping[str, Any]) -> Table:
    table = plain_table("Server")
    table.add_row("web", server["url"])
    table.add_row("release", f"{server['release']} {server['chartVersion']}: {server['status']}")
    table.add_row("namespace", server["namespace"])
    table.add_row("supervisor", server["supervisorEmail"])
    return table


def _tenant(name: str, tenant: Mapping[str, Any]) -> Table:
    table = plain_table(f"\nTenant {name}")
    table.add_row("company", f"{tenant['company']}  {tenant['companyId']}")
    table.add_row("admin", f"{tenant['adminEmail']}  {tenant['adminId']}")
    for use, key in tenant["credentials"].items():
        table.add_row(f"{use} key", f"{key['accessKey']}  {key['label']}  {age(key['created'])}")
    for rule, entries in tenant["signIn"].items():
        table.add_row(f"sign-in {rule}", ", ".join(entries) or "-")
    table.add_row("namespace", tenant["namespace"])
    for use, release in tenant["releases"].items():
        table.add_row(f"{use} release", f"{release['name']} revision {release['revision']}: {release['status']}")
    return table


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
