"""Every kubeconfig that stack or tenants name is among the stack's secrets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from config.checks import file_of
from config.errors import Fault
from config.stack import PROJECT, StackSettings
from config.tenant import Tenant

KEY = "kubeconfigs"


def check_places(
    stack: str, stack_file: str, settings: StackSettings, held: Collection[str], tenants: Sequence[Tenant]
) -> Iterator[Fault]:
    """`held` are the names under `kubeconfigs`."""
    if settings.workers and settings.workers.kubeconfig not in {None, *held}:
        yield Fault(stack_file, "", f"{PROJECT}:stack.workers.kubeconfig", _missing(settings.workers.kubeconfig))
    for tenant in tenants:
        if tenant.workers and tenant.workers.kubeconfig not in {None, *held}:
            text = _missing(tenant.workers.kubeconfig)
            yield Fault(file_of(stack, tenant.name), tenant.name, "workers.kubeconfig", text)


def _missing(name: str | None) -> str:
    return (
        f"{name!r} is not among the stack's kubeconfigs; set it with: "
        f"pulumi config set --secret --path {KEY}.{name} < its-file"
    )
