"""What the stack's `takeOver` names has to be something that its files ask for: else it gives away what comes later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant


@check("takeOver names only namespaces and releases that the stack's files ask for")
def check_take_over(facts: Facts) -> Iterator[Finding]:
    """Each entry that no file asks for. Whether what is asked for is there, only the cluster knows."""
    if facts.settings is None or not facts.is_whole:
        return
    known = list(_known(facts.settings, facts.tenants))
    for index, entry in enumerate(facts.settings.take_over):
        if entry not in known:
            near = get_close_matches(entry, known, n=1)
            meant = f"did you mean {near[0]}? If not, remove it" if near else "remove it, or add the tenant's file"
            text = f"{entry!r} is neither a namespace nor a release that the files of this stack ask for"
            yield Finding(setting("", f"takeOver[{index}]"), f"{text}; {meant}")


def _known(settings: StackSettings, tenants: Iterable[Tenant]) -> Iterator[str]:
    yield settings.server.namespace
    yield f"{settings.server.namespace}/{settings.server.release}"
    for tenant in tenants:
        yield tenant.namespace
        yield from (f"{tenant.namespace}/{tenant.release_of(use)}" for use in tenant.uses)
