"""Pure: one tenant's file, from its company and its releases, with what a person reads about it."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from components.clearml.api.models import UserInfo
from operations.adoption.reading.facts import Cluster, Company, Note, access_key
from operations.adoption.translation.companies.company import company_settings, service_account
from operations.adoption.translation.companies.keys import generation_note, key_notes, next_generations
from operations.adoption.translation.companies.names import TenantInstallation
from operations.adoption.translation.isolation import isolation_settings
from operations.adoption.translation.takeover import TakeOver
from operations.adoption.translation.tenant_workers import notes_of_other_clusters, tenant_workers
from settings.types.naming import worker_key
from settings.types.vocabulary import Email

_ADMIN = "admin"
_EMAIL = TypeAdapter(Email)


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
    workers, uses = tenant_workers(owned, notes)
    file |= workers
    if uses and cluster.context != usual_context:
        file["workers"] = {"kubeContext": cluster.context}
    notes += notes_of_other_clusters(owned, cluster.context)
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
