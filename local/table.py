"""The table that a person sees after `make up` and in `make status`: what now exists, and where to look next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from local.checkout import Checkout
from local.progress import console
from operations.health.stack import Health


def show(checkout: Checkout, outputs: Mapping[str, Any], health: Health | None = None) -> None:
    """Print the server, each tenant, and the next commands; access keys are identifiers, secrets are never here.

    With `health`, also how each worker is.
    """
    console.print(_server(outputs["server"]))
    for name, tenant in sorted(outputs["tenants"].items()):
        console.print(_tenant(name, tenant, (health or {}).get(name, {})))
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


def _tenant(name: str, tenant: Mapping[str, Any], health: Mapping[str, str]) -> Table:
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
    for use, told in health.items():
        table.add_row(f"{use} health", told)
    return table


def age(created: str, now: datetime | None = None) -> str:
    """How old a key is, in days; `created` is the stack's output, a time with its zone.

    The output is the time and not the age: an age would be another one each day, and no preview empty.
    """
    days = ((now or datetime.now(UTC)) - datetime.fromisoformat(created)).days
    return "made today" if days < 1 else f"{days} day{'s' * (days > 1)} old"


def _next(checkout: Checkout) -> None:
    console.print(
        "\nNext: `make status` shows this again; edit config/tenants/local/*.yaml, then `make preview`;\n"
        f'`eval "$(make env)"` points pulumi, helm and kubectl here; the API answers on {checkout.api_url}.',
        markup=False,
    )
