"""Where workers run: every kubeconfig is among the stack's secrets, and each cluster has one name and one way to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, Where
from settings.models.cluster_ref import ClusterRef
from settings.types.secrets.commands import set_command

KEY = "kubeconfigs"


@dataclass(frozen=True)
class _Occurrence:
    """A place, and where it is written."""

    place: ClusterRef
    where: Where

    def fault(self, key: str, text: str) -> Finding:
        return Finding(replace(self.where, key=f"{self.where.key}.{key}"), text)

    def __str__(self) -> str:
        where = self.where
        return f"{where.key} of tenant {where.tenant}" if where.tenant else "the stack's workers"


@check("each cluster has one name and one way to it, and its kubeconfig is there", precedence="first")
def check_places(facts: Facts) -> Iterator[Finding]:
    """Where a place cannot be what is written, who may choose it has no bearing: one line a key."""
    if facts.file is None:
        return
    settings, held, written = facts.file.stack, facts.file.kubeconfigs, list(_written(facts))
    for each in written:
        if each.place.kubeconfig not in {None, *held}:
            yield each.fault("kubeconfig", _missing(each.place.kubeconfig))
    yield from _one_name_each(settings.own_cluster, written)


def _written(facts: Facts) -> Iterator[_Occurrence]:
    if facts.settings and facts.settings.workers:
        yield _Occurrence(facts.settings.workers, facts.stack_key("stack.workers"))
    for tenant in facts.tenants:
        if tenant.workers:
            yield _Occurrence(tenant.workers, facts.tenant_key(tenant.name, "workers"))


def _one_name_each(own: ClusterRef, written: Sequence[_Occurrence]) -> Iterator[Finding]:
    """Two ways to one name would be two clusters that pass for one; two names, one cluster that passes for two."""
    by_name: dict[str, _Occurrence] = {}
    by_way: dict[str, _Occurrence] = {}
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
    return f"{name!r} is not among the stack's kubeconfigs; set it with: {set_command(KEY, str(name))} < its-file"
