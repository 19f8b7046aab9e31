"""Pure: the agents and gateways of one tenant in its file, each by its name there, with what a person reads of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from operations.adoption.reading.facts import Note, Release, access_key
from operations.adoption.translation.companies.names import TenantInstallation
from operations.adoption.translation.workers import agent_settings, gateway_settings, queues_of
from settings.types.naming import release_name, worker_key

# Words that any release's name may have.
_ANY_RELEASE = frozenset({"clearml", "enterprise", "agent", "app", "gateway"})


def tenant_workers(owned: TenantInstallation, notes: list[Note]) -> tuple[dict[str, Any], dict[Release, str]]:
    """Agents and gateways as the file has them, and what each release is used for, as `agent` or `gateway-lab`.

    What a person has to know of them is added to `notes`.
    """
    tenant = owned.tenant
    uses: dict[Release, str] = {}
    served: set[str] = set()
    agents = _of_kind(owned, "agent")
    file: dict[str, Any] = {}
    for release in agents:
        settings, more = agent_settings(release, tenant)
        settings["queues"] = {name: each for name, each in settings["queues"].items() if name not in served}
        served |= set(settings["queues"])
        if not settings["queues"]:
            text = f"release {release} serves no queue that no other agent here serves; no file has it, and it stays"
            notes += [*more, Note(tenant, "lost", "agents", text)]
        else:
            uses[release] = _add(file, "agent", release, tenant, settings)
            notes += _under(uses[release], more)
    for release in _of_kind(owned, "gateway"):
        gateway, more = gateway_settings(release, tenant)
        if gateway and agents:
            uses[release] = _add(file, "gateway", release, tenant, gateway)
            more = _under(uses[release], more)
        elif gateway:
            text = f"release {release} has no agent beside it, which a gateway needs; write agent, then gateway"
            more.append(Note(tenant, "lost", "gateway", text))
        notes += more
    notes += _two_on_one_queue(agents, tenant)
    if not owned.by_key and owned.releases:
        listed = ", ".join(map(str, owned.releases))
        why = "no company here has the key" if any(map(access_key, owned.releases)) else "a Secret holds the key"
        text = f"{listed}: taken for this tenant's by the namespace's name alone, for {why}"
        notes.append(Note(tenant, "decide", "agent", text))
    return file, uses


def notes_of_other_clusters(owned: TenantInstallation, context: str) -> Iterator[Note]:
    """A line for each release of the company that is in another cluster than the kubeconfig's `context`."""
    for release in owned.elsewhere:
        text = (
            f"release {release} is of this company too, and a tenant's workers are in one cluster, here {context}: it "
            "stays as it is; move it there, or give its people a company of their own"
        )
        yield Note(owned.tenant, "decide", "workers", text)


def _of_kind(owned: TenantInstallation, kind: str) -> list[Release]:
    """Its agents or its gateways: of its own namespace first the one that is called as this program calls the first."""
    tenant, found = owned.tenant, [each for each in owned.releases if each.kind == kind]
    return sorted(
        found,
        key=lambda each: (
            each.namespace != tenant,
            each.name != release_name(tenant, kind),
            bool(_words(each, tenant)),
            str(each),
        ),
    )


def _add(file: dict[str, Any], kind: str, release: Release, tenant: str, settings: dict[str, Any]) -> str:
    """The first of a kind needs no name. Returns what its key is for."""
    if kind not in file:
        file[kind] = settings
        return kind
    others = file.setdefault(f"{kind}s", {})
    name = _name(release, tenant, others)
    others[name] = settings
    return f"{kind}-{name}"


def _under(use: str, notes: Sequence[Note]) -> list[Note]:
    """What is noted of a worker, at the key that it got in the file."""
    key = worker_key(use)
    kind = key.partition(".")[0].removesuffix("s")
    return [
        replace(each, key=f"{key}{each.key.removeprefix(kind)}") if each.key.partition(".")[0] == kind else each
        for each in notes
    ]


def _name(release: Release, tenant: str, names: Mapping[str, Any]) -> str:
    """What of the release's name says which one it is, and is no other's."""
    base = "-".join(_words(release, tenant))[:16].strip("-") or "more"
    base = base if base[:1].isalpha() else f"a{base}"
    found, number = base, 2
    while found in names:
        found, number = f"{base}-{number}", number + 1
    return found


def _words(release: Release, tenant: str) -> list[str]:
    """Those of its name that tell it from others."""
    return [each for each in release.name.removeprefix(f"{tenant}-").split("-") if each not in _ANY_RELEASE]


def _two_on_one_queue(agents: Sequence[Release], tenant: str) -> Iterator[Note]:
    by_queue: defaultdict[str, list[str]] = defaultdict(list)
    for release in agents:
        for queue in queues_of(release):
            by_queue[queue].append(str(release))
    for queue, releases in sorted(by_queue.items()):
        if len(releases) > 1:
            text = f"{' and '.join(releases)} take tasks from queue {queue}: keep one of them"
            yield Note(tenant, "decide", "agent.queues", text)
