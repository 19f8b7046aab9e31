"""The API's resources of several tenants, as `__main__.py` and `components/tenant.py` declare them of their files.

tests/api/run/test_wiring.py compares this with what they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.applications import company_limits
from components.clearml.admin_user.resource import AdminUserProvider
from components.clearml.application_access.resource import ApplicationAccessProvider
from components.clearml.company.resource import CompanyProvider
from components.clearml.credentials.key_revocations import KeyRevocationsProvider
from components.clearml.credentials.resource import CredentialsProvider
from components.clearml.credentials.stale_credentials import StaleCredentialsProvider
from components.clearml.features import FeaturesProvider
from components.clearml.provider import ClearMLProvider
from components.clearml.run.intent import INTENT
from components.clearml.service_account.resource import ServiceAccountProvider
from components.clearml.sign_in.domains import DomainsProvider
from components.clearml.sign_in.removal_rounds import READDED, readded_rounds, rounds_of
from components.clearml.sign_in.removals import SignInRuleRemovalsProvider
from components.clearml.sign_in.whitelist import WhitelistProvider
from components.declarations import declared_intent, declared_rules
from settings.features.effective import Layers, expected_of_admin
from settings.models.tenant import Tenant, TenantFile

Inputs = dict[str, Any]
STACK = "local"


@dataclass(frozen=True)
class Declaration:
    """A resource the program declares; its inputs, once the ids of others are known by their names, and what `left`."""

    name: str
    provider: type[ClearMLProvider]
    inputs: Callable[[Mapping[str, Any]], Inputs]


def tenant(name: str, content: Mapping[str, Any]) -> Tenant:
    """A tenant as its file declares it."""
    asked = TenantFile.model_validate(content, by_alias=True, by_name=False)
    return Tenant(name=name, **{each: getattr(asked, each) for each in TenantFile.model_fields})


# What a stack that says nothing of features has on for the whole server, and the emulator too.
_SERVER = frozenset({"user_management_advanced"})


def wired(tenants: list[Tenant]) -> Iterator[Declaration]:
    """The API's resources of these tenants, each after what it needs."""
    declared = {"tenants": declared_rules(tenants), INTENT: declared_intent(tenants).text}
    yield Declaration("departures", SignInRuleRemovalsProvider, lambda _: declared)
    for each in tenants:
        yield from _company(each, tenants)
        yield from _service_account(each)
        yield from _keys(each)
        yield from _rules(each)
        yield from _revocations(each)


def _company(tenant: Tenant, every: Sequence[Tenant]) -> Iterator[Declaration]:
    name, admin = tenant.name, tenant.admin
    features = {**dict.fromkeys(tenant.features, "granted"), **dict.fromkeys(tenant.exclude_features, "excluded")}
    lists = {"features": list(tenant.features), "exclude_features": list(tenant.exclude_features)}
    given = {key: value for key, value in {**lists, "allowed_users": tenant.allowed_users}.items() if value}
    asked = {"adopt": tenant.adopt, "known_id": tenant.company_id, "defaults": given}
    company: Inputs = {"name": tenant.company, "admin_email": admin.email, **{k: v for k, v in asked.items() if v}}
    company[INTENT] = declared_intent(every).text
    yield Declaration(f"{name}/company", CompanyProvider, lambda _: company)
    yield Declaration(
        f"{name}/admin",
        AdminUserProvider,
        lambda ids: {
            "company_id": ids[f"{name}/company"],
            "name": admin.name,
            "email": admin.email,
            "key_labels": f"{STACK}/{name}/",
        },
    )
    limit: Inputs = {} if tenant.allowed_users is None else {"allowed_users": tenant.allowed_users}
    expected = expected_of_admin(Layers(_SERVER, frozenset(tenant.features), frozenset(tenant.exclude_features), {}))
    more = company_limits(tenant)
    wanted: Inputs = {"features": features, "expected": expected, **limit, **({"limits": more} if more else {})}
    yield Declaration(
        f"{name}/features",
        FeaturesProvider,
        lambda ids: {"company_id": ids[f"{name}/company"], **_as_admin(name, ids), **wanted},
    )
    yield from _application_access(tenant)


def _application_access(tenant: Tenant) -> Iterator[Declaration]:
    name, asked = tenant.name, tenant.applications.visibility
    above = {"allowed": asked.allowed, "admin_access_all": asked.admins_see_all}
    rules: Inputs = {
        **{each: value for each, value in above.items() if value is not None},
        **{f"applications/{each}": value for each, value in asked.applications.items()},
        **{f"categories/{each}": value for each, value in asked.categories.items()},
    }
    if rules:
        company = f"{name}/company"
        yield Declaration(
            f"{name}/access", ApplicationAccessProvider, lambda ids: {"company_id": ids[company], "rules": rules}
        )


def _service_account(tenant: Tenant) -> Iterator[Declaration]:
    name, asked = tenant.name, tenant.service_account
    if asked.enabled:
        told = {"name": f"{STACK}/{name}/{'owners' if asked.run_as_owner else 'workers'}", "role": "admin"}
        yield Declaration(
            f"{name}/account",
            ServiceAccountProvider,
            lambda ids: {
                "company_id": ids[f"{name}/company"],
                "admin_id": ids[f"{name}/admin"],
                "run_as_owner": asked.run_as_owner,
                **told,
            },
        )


def _keys(tenant: Tenant) -> Iterator[Declaration]:
    for use, settings in tenant.all_workers.items():
        owner = "account" if tenant.service_account.enabled else "admin"
        yield _key(tenant.name, use, settings.key_generation, owner)


def _key(name: str, use: str, generation: int, owner: str) -> Declaration:
    label = f"{STACK}/{name}/{use}/{generation}"
    return Declaration(
        f"{name}/{use}-{generation}",
        CredentialsProvider,
        lambda ids: {"user_id": ids[f"{name}/{owner}"], "label": label},
    )


def surplus_of(name: str, key: Mapping[str, Any]) -> Declaration:
    """What `components/workers/stale_credentials.py` declares beside a key whose refresh saw others of its use.

    `key` is what the state has of it, under this `name`.
    """
    told = {"user_id": key["user_id"], "label": key["label"], "keys": key["surplus"]}
    return Declaration(f"{name}-surplus", StaleCredentialsProvider, lambda _: told)


def _revocations(tenant: Tenant) -> Iterator[Declaration]:
    """After the workers, which are not here."""
    if tenant.revoke_keys:
        name, keys = tenant.name, sorted({*tenant.revoke_keys})
        own = [each.name for each in _keys(tenant)]
        yield Declaration(
            f"{name}/revocations",
            KeyRevocationsProvider,
            lambda ids: {
                "company_id": ids[f"{name}/company"],
                "admin_id": ids[f"{name}/admin"],
                "stack": STACK,
                "own_keys": [ids[each] for each in own],
                "keys": keys,
            },
        )


def _rules(tenant: Tenant) -> Iterator[Declaration]:
    name, rules = tenant.name, tenant.sign_in
    if rules.domains:
        routes = dict.fromkeys(rules.domains, "")
        yield Declaration(
            f"{name}/domains",
            DomainsProvider,
            lambda ids: {**_as_admin(name, ids), "routes": routes, **_again(tenant, ids, routes)},
        )
    for _, what, emails in rules.by_role():
        if emails:
            yield _whitelist(tenant, what, emails)


def _whitelist(tenant: Tenant, role: str, emails: tuple[str, ...]) -> Declaration:
    name, entries = tenant.name, dict.fromkeys(emails, role)
    return Declaration(
        f"{name}/{role}s",
        WhitelistProvider,
        lambda ids: {**_as_admin(name, ids), "entries": entries, **_again(tenant, ids, entries)},
    )


def _again(tenant: Tenant, ids: Mapping[str, Any], declared: Iterable[str]) -> Inputs:
    rounds = readded_rounds(ids.get("left"), tenant.admin.email.lower(), map(str.lower, declared))
    return rounds_of({READDED: rounds})


def _as_admin(name: str, ids: Mapping[str, Any]) -> Inputs:
    return {"user_id": ids[f"{name}/admin"]}
