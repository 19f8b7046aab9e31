"""Everything the server holds, for tests and benchmarks; there is no secret in it, because none is kept."""

from __future__ import annotations

from typing import Any

from local.emulator.companies.features import effective_features, groups_of
from local.emulator.protocol.server import Server
from local.emulator.store import companies, credentials, rules, sso, users
from local.emulator.store.companies import Company
from local.emulator.store.users import User


def state(server: Server) -> dict[str, Any]:
    """Companies, users, credentials without secrets, sign-in rules, features, identity providers."""
    db = server.database
    every = companies.every(db)
    settings = {each.id: each.settings for each in every}
    return {
        "companies": [_company(each) for each in every],
        "users": [_user(server, each, settings.get(each.company, {})) for each in users.every(db)],
        "credentials": [
            {
                "access_key": each.access_key,
                "user": each.user,
                "company": each.company,
                "label": each.label,
                "created": each.created,
                "last_used": each.last_used,
                "expire": each.expire,
            }
            for each in credentials.every(db)
        ],
        "rules": [_rules(server, each) for each in every],
        "features": _features(server),
        "sso": [
            {"company": each.id, "config": each.sso, "providers": [sso.held(p) for p in sso.of_company(db, each.id)]}
            for each in every
        ],
    }


def _company(company: Company) -> dict[str, Any]:
    settings = company.settings
    return {
        "id": company.id,
        "name": company.name,
        "active": company.active,
        "features": settings.get("features"),
        "exclude_features": settings.get("exclude_features", []),
        "allowed_users": settings.get("allowed_users"),
        "settings": settings,
    }


def _user(server: Server, user: User, settings: dict[str, Any]) -> dict[str, Any]:
    groups = groups_of(user.role, user.groups, server.assumptions)
    return {
        "id": user.id,
        "name": user.name,
        "email": user.shown_email,
        "company": user.company,
        "role": user.role,
        "internal": user.internal,
        "service": user.service,
        "configured": user.configured,
        "groups": list(groups),
        "features": effective_features(server.configuration, settings, user.role, groups, server.assumptions),
    }


def _rules(server: Server, company: Company) -> dict[str, Any]:
    entries = rules.entries(server.database, company.id)
    return {
        "company": company.id,
        "domains": rules.domains(server.database, company.id),
        "whitelist": [{"email": each.email, "role": each.role, "status": each.status} for each in entries],
    }


def _features(server: Server) -> dict[str, Any]:
    groups = {
        key: {
            "id": group.id,
            "name": group.name,
            "features": None if group.features is None else sorted(group.features),
            "assignable": group.assignable,
            "system": group.system,
        }
        for key, group in server.configuration.groups.items()
    }
    hidden = server.configuration.get("services.auth.ui_features_per_role")
    return {
        "organization": server.configuration.organization_features,
        "groups": groups,
        "ui_features_per_role": hidden,
    }
