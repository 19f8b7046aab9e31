"""Every tenant with an identity provider has its client secret in the stack's file, and no other has one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from settings.checks.every import file_of
from settings.errors import Fault
from settings.models.stack import PROJECT
from settings.models.tenant import Tenant

KEY = "ssoClientSecrets"


def set_command(tenant: str) -> str:
    """What puts the tenant's client secret into the stack's file, encrypted."""
    return f"pulumi config set --secret --path {KEY}.{tenant}"


def check_secrets(
    stack: str, stack_file: str, held: Collection[str], tenants: Sequence[Tenant | None]
) -> Iterator[Fault]:
    """`held` are the names under `ssoClientSecrets`; a tenant whose own file is at fault is None."""
    asked = {tenant.name for tenant in tenants if tenant and tenant.sso}
    for name in sorted(asked - set(held)):
        text = f"has no client secret in the stack's file; set it with: {set_command(name)}"
        yield Fault(file_of(stack, name), name, "sso", text)
    if None in tenants:
        return  # the file that this secret belongs to may be the one at fault
    for name in sorted(set(held) - asked):
        text = f"is the client secret of no tenant with sso; remove it with: pulumi config rm --path {KEY}.{name}"
        yield Fault(stack_file, "", f"{PROJECT}:{KEY}.{name}", text)
