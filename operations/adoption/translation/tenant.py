"""Pure: one tenant's file, from its company and its releases, with what a person reads about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from components.clearml.api.models import UserInfo
from operations.adoption.reading.facts import Cluster, Company, Note, Release, access_key
from operations.adoption.translation.companies.company import company_settings, service_account
from operations.adoption.translation.companies.keys import generation_note, key_notes, next_generations
from operations.adoption.translation.companies.names import TenantInstallation
from operations.adoption.translation.isolation import isolation_settings
from operations.adoption.translation.takeover import TakeOver
from operations.adoption.translation.workers import agent_settings, gateway_settings, queues_of
from settings.types.naming import release_name, worker_key
from settings.types.vocabulary import Email

_ADMIN = "admin"
_EMAIL = TypeAdapter(Email)
# Words that any release's name may have.
_ANY_RELEASE = frozenset({"clearml", "enterprise", "agent", "app", "gateway"})


def tenant_settings(
    owned: TenantInstallation, cluster: Cluster, stack: str, base_domain: str, usual_context: str
) -> tuple[dict[str, Any], list[Note], list[str]]:
    """What the tenant's file says, what of it is to be known, and what the stack's `takeOver` has to name for it.

    `cluster`: where its workers are. `usual_context`: where the stack's run, so that no file has to say it.
    """
    company, name = owned.company, owned.tenant
    notes: list[Note] = []
    admin = _admin(owned, base_domain, notes)
    file: dict[str, Any] = {"company": company.name, **_adopt(company, admin), "admin": _fields(admin)}
    file |= {**company_settings(company), **service_account(owned, notes)}
    file |= _rules(company, name, notes)
    _say_providers(company, name, notes)
    workers, uses = _workers(owned, notes)
    file |= workers
    if uses and cluster.context != usual_context:
        file["workers"] = {"kubeContext": cluster.context}
    notes += _of_other_clusters(owned, cluster.context)
    isolation, told_of = isolation_settings(cluster, name, name)
    if isolation:
        file["isolation"] = isolation
    notes += told_of
    take_over = TakeOver.of(owned, uses, cluster, stack)
    for use, release in take_over.names().items():
        _worker(file, use)["releaseName"] = release
    for use, generation in next_generations(owned, stack, set(uses.values())).items():
        _worker(file, use)["keyGeneration"] = generation
        notes.append(generation_note(name, use, generation))
    notes += [*take_over.notes(), *key_notes(owned)]
    return file, notes, take_over.entries()


def _worker(file: dict[str, Any], use: str) -> dict[str, Any]:
    kind, _, name = worker_key(use).partition(".")
    found: dict[str, Any] = file[kind][name] if name else file[kind]
    return found


def _admin(owned: TenantInstallation, base_domain: str, notes: list[Note]) -> UserInfo:
    """Whose key a worker has; else who has most keys; else the first admin; else one that is made."""
    company, tenant = owned.company, owned.tenant
    keys = {access_key(each) for each in owned.releases}
    every = [each for each in company.people if each.role == _ADMIN and each.email]
    admins = [each for each in every if _can_be_said(str(each.email))]
    for each in every:
        if each not in admins:
            text = f"{each.email} is an admin whose address no file can say as the server has it; it stays as it is"
            notes.append(Note(tenant, "decide", "admin", text))
    ranked = sorted(admins, key=lambda each: _rank(company, each, keys), reverse=True)
    if ranked:
        if len(ranked) > 1:
            others = ", ".join(sorted(str(each.email) for each in ranked[1:]))
            text = f"{ranked[0].email} is taken, whose keys are in use; other admins of the company: {others}"
            notes.append(Note(tenant, "decide", "admin", text))
        return ranked[0]
    if company.users is None:
        text = (
            "the server does not say who is in this company, and a preview refuses to take it over: write name and "
            "address of its admin, or remove this file, name people of it in another, and run this again with "
            "PEOPLE=<that file>"
        )
        notes.append(Note(tenant, "decide", "admin", text))
    else:
        notes.append(Note(tenant, "change", "admin", "the company has no admin whom a file can say; one is made"))
    return UserInfo(id="-", name=f"{company.name} Admin", email=f"{tenant}-admin@{base_domain}", role=_ADMIN)


def _can_be_said(email: str) -> bool:
    """Whether a run finds it by what the file then says: that has its domain in small letters, and servers compare."""
    try:
        canonical = _EMAIL.validate_python(email)
    except ValidationError:
        return False
    return email in (canonical, canonical.lower())


def _rank(company: Company, user: UserInfo, keys: set[str]) -> tuple[bool, int]:
    own = company.keys.get(user.id, ())
    return any(each.access_key in keys for each in own), len(own)


def _fields(admin: UserInfo) -> dict[str, str]:
    return {"name": admin.name or str(admin.email), "email": str(admin.email)}


def _adopt(company: Company, admin: UserInfo) -> dict[str, Any]:
    """A company with nobody but the admin in it is taken over without more; one that nobody sees into, not at all."""
    if company.users is None:
        return {}
    alone = [each.id for each in company.users] == [admin.id]
    counted = company.user_count is None or company.user_count <= 1
    return {} if alone and counted else {"adopt": True}


def _rules(company: Company, tenant: str, notes: list[Note]) -> dict[str, Any]:
    rules = company.rules
    if rules is None:
        notes.append(Note(tenant, "decide", "signIn", "the server does not tell its rules; they stay as they are"))
        return {}
    if rules.unknown:
        text = f"{', '.join(rules.unknown)}: the server tells no role that the file has; they stay as they are"
        notes.append(Note(tenant, "decide", "signIn", text))
    lists = {"domains": rules.domains, "admins": rules.admins, "users": rules.users, "consumers": rules.consumers}
    sign_in = {key: list(value) for key, value in lists.items() if value}
    return {"signIn": sign_in} if sign_in else {}


def _say_providers(company: Company, tenant: str, notes: list[Note]) -> None:
    """Their addresses and claims are told by no call, so no file can have them."""
    for provider in company.providers:
        text = (
            f"identity provider {provider.display_name or provider.id} ({provider.provider or 'of a kind not told'}) "
            f"stays as it is; external tenant {company.settings.sso.tenant or 'not told'}: the server tells neither "
            "its addresses nor its claims, so write sso by hand if this program is to keep it"
        )
        notes.append(Note(tenant, "lost", "sso", text))


def _workers(owned: TenantInstallation, notes: list[Note]) -> tuple[dict[str, Any], dict[Release, str]]:
    """Agents and gateways, and what each release is used for."""
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
        text = f"{listed}: taken for this tenant's by the namespace's name alone, for a Secret holds the key"
        notes.append(Note(tenant, "decide", "agent", text))
    return file, uses


def _of_other_clusters(owned: TenantInstallation, context: str) -> Iterator[Note]:
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
