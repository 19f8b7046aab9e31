"""Where workers run: every kubeconfig is among the stack's secrets, and each cluster has one name and one way to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from settings.checks.every import file_of
from settings.errors import Fault
from settings.models.place import Place
from settings.models.stack import PROJECT, StackSettings
from settings.models.tenant import Tenant

KEY = "kubeconfigs"


@dataclass(frozen=True)
class _Written:
    """A place, and where it is written."""

    place: Place
    file: str
    tenant: str
    key: str

    def fault(self, key: str, text: str) -> Fault:
        return Fault(self.file, self.tenant, f"{self.key}.{key}", text)

    def __str__(self) -> str:
        return f"{self.key} of tenant {self.tenant}" if self.tenant else "the stack's workers"


def check_places(
    stack: str, stack_file: str, settings: StackSettings, held: Collection[str], tenants: Sequence[Tenant]
) -> Iterator[Fault]:
    """`held` are the names under `kubeconfigs`."""
    written = list(_written(stack, stack_file, settings, tenants))
    for each in written:
        if each.place.kubeconfig not in {None, *held}:
            yield each.fault("kubeconfig", _missing(each.place.kubeconfig))
    yield from _one_name_each(settings.own_place, written)


def _written(stack: str, stack_file: str, settings: StackSettings, tenants: Sequence[Tenant]) -> Iterator[_Written]:
    if settings.workers:
        yield _Written(settings.workers, stack_file, "", f"{PROJECT}:stack.workers")
    for tenant in tenants:
        if tenant.workers:
            yield _Written(tenant.workers, file_of(stack, tenant.name), tenant.name, "workers")


def _one_name_each(own: Place, written: Sequence[_Written]) -> Iterator[Fault]:
    """Two ways to one name would be two clusters that pass for one; two names, one cluster that passes for two."""
    by_name: dict[str, _Written] = {}
    by_way: dict[str, _Written] = {}
    for each in written:
        if each.place.cluster and own.way in (each.place.way, str(each.place)):
            yield each.fault("cluster", f"{str(each.place)!r} is, or is called like, the server's own; remove it")
            continue
        named, reached = by_name.setdefault(str(each.place), each), by_way.setdefault(each.place.way, each)
        if named.place.way != each.place.way:
            text = f"{str(each.place)!r} is reached as {named.place.way} at {named}, here as {each.place.way}"
            yield each.fault("cluster", f"{text}; write it as there, or give this cluster another name")
        elif str(reached.place) != str(each.place):
            text = f"{each.place.way} is {str(reached.place)!r} at {reached}, here {str(each.place)!r}"
            yield each.fault("cluster", f"{text}; write it as there")


def _missing(name: str | None) -> str:
    return (
        f"{name!r} is not among the stack's kubeconfigs; set it with: "
        f"pulumi config set --secret --path {KEY}.{name} < its-file"
    )
