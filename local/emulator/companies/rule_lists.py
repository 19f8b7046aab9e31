"""Sign-in rules as `login.get_whitelist` tells them across companies: one entry a domain, and one a list of e-mails.

The published reference's `login_white_list_v1_5`: company, then `domain` or `emails`, and the role they get. A
company's e-mails of one role are one list.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from local.emulator.store import rules
from local.emulator.store.database import Database
from local.emulator.store.rules import Entry

Shown = dict[str, Any]


def every_rule(db: Database, *, accepted: bool) -> list[Shown]:
    """All rules of all companies; of entries that somebody has signed in with only if `accepted`."""
    domains = [_domain(company, domain) for company, domain in rules.every_domain(db)]
    return domains + _lists(each for each in rules.every_entry(db) if accepted or not each.accepted)


def rules_of_domain(db: Database, domain: str) -> list[Shown]:
    """The rules that name this domain."""
    return [_domain(company, domain) for company in rules.companies_of_domain(db, domain)]


def rules_of_email(db: Database, email: str, *, accepted: bool) -> list[Shown]:
    """The lists with this e-mail, and the rules that name its domain; `accepted` as in `every_rule`."""
    found = [each for each in rules.entries_of_email(db, email) if accepted or not each.accepted]
    together = [other for each in found for other in rules.entries(db, each.company) if other.role == each.role]
    return rules_of_domain(db, email.rpartition("@")[2]) + _lists(together)


def flat(shown: Iterable[Shown]) -> list[Shown]:
    """The same with one entry an e-mail."""
    result: list[Shown] = []
    for each in shown:
        rest = {key: value for key, value in each.items() if key != "emails"}
        result += [{**rest, **email} for email in each["emails"]] if "emails" in each else [each]
    return result


def _domain(company: str, domain: str) -> Shown:
    return {"id": _id(company, domain), "company": company, "domain": domain, "role": "user", "is_admin": False}


def _lists(entries: Iterable[Entry]) -> list[Shown]:
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for each in entries:
        grouped.setdefault((each.company, each.role), []).append(each)
    return [_list(company, role, members) for (company, role), members in grouped.items()]


def _list(company: str, role: str, members: list[Entry]) -> Shown:
    emails = [{"email": each.email, "added": each.added} for each in members]
    return {"id": _id(company, role), "company": company, "emails": emails, "role": role, "is_admin": role == "admin"}


def _id(company: str, name: str) -> str:
    return uuid5(NAMESPACE_URL, f"{company}/{name}").hex
