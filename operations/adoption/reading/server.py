"""Reads a server: a call for each list that the API has, and for each company what it has none for. No call writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from components.clearml.api.calls import (
    companies,
    company_settings,
    credentials,
    identity_providers,
    service_users,
    sign_in,
    tenants,
    users,
)
from components.clearml.api.calls.server import Configuration, configuration
from components.clearml.api.calls.service_user_models import ServiceUser
from components.clearml.api.calls.sign_in_models import Rule
from components.clearml.api.client import Client
from components.clearml.api.errors import (
    FailedCall,
    Forbidden,
    GarbledAnswer,
    ImpersonationRefused,
    InvalidRequest,
    UnexpectedAnswer,
    UnknownEndpoint,
)
from components.clearml.api.models import CompanyInfo, KeyInfo, UserInfo
from operations.adoption.reading.facts import NO_ACCESS, NO_SETTINGS, Company, Server, SignInRules
from settings.models.server.release import DEFAULT_COMPANY

_AT_A_TIME = 8
_ADMIN, _USER, _CONSUMER = "admin", "user", "consumer"
_T = TypeVar("_T")
# A server that answers so does not tell this one thing; whatever else goes wrong ends the reading.
_REFUSALS = (Forbidden, GarbledAnswer, ImpersonationRefused, InvalidRequest, UnexpectedAnswer, UnknownEndpoint)


def read_server(client: Client, access_keys: Iterable[str], emails: Iterable[str]) -> Server:
    """All companies but the server's own, with what is in them.

    Where the server has no list of users, `access_keys` of releases and `emails` of people lead to them. Raises
    ClearMLError.
    """
    return _Reading(client).server(sorted(set(access_keys)), sorted(set(emails)))


class _Reading:
    """What one reading of a server shares: its lists, whom it knows where, and what was not told."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._unread: dict[str, None] = {}
        self._offered: frozenset[str] = frozenset()

    def server(self, access_keys: Sequence[str], emails: Sequence[str]) -> Server:
        """Its companies with their people, keys and rules; `access_keys` and `emails` are asked for whose they are.

        What it does not answer is left out, and noted. Raises FailedCall where not even companies can be listed.
        """
        every = [each for each in companies.every_counted(self._client) if each.id != DEFAULT_COMPANY]
        active = [each for each in every if each.active is not False]
        rules = self._rules()
        config = self._ask("server.config", lambda: configuration(self._client)) or Configuration()
        self._offered = tenants.offered(self._client)
        addresses = [*emails, *(each for rule in rules or () for each in rule.addresses)]
        known, owners = ({}, {}) if self._offers_people else self._people(access_keys, addresses)
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            found = pool.map(lambda each: self._company(each, rules, known.get(each.id)), active)
            read = tuple(sorted(found, key=lambda each: each.name.casefold()))
        own = {key.access_key: each.id for each in read for keys in each.keys.values() for key in keys}
        others = [each for each in access_keys if each not in own] if self._offers_people else []
        # Somebody's who is no admin.
        more = self._people(others, ())[1] if others else {}
        return Server(read, config.model_dump(), {**owners, **more, **own}, tuple(self._unread))

    @property
    def _offers_people(self) -> bool:
        return tenants.INFO in self._offered

    def _company(self, company: CompanyInfo, rules: Sequence[Rule] | None, somebody: str | None) -> Company:
        """Six calls, where the server tells who is in it; a call more for each further user or service account."""
        client, named = self._client, company.name
        people = self._people_of(company, somebody)
        admins = [each.id for each in people or () if each.role == _ADMIN]
        accounts = self._accounts(company, admins[0]) if admins else ()
        others = [*(each.id for each in people or ()), *(account.id for account in accounts)]
        keys = {each: self._keys(each) for each in dict.fromkeys([*admins, *others])}
        settings = self._ask(f"{named}: features and limits", lambda: company_settings.everything(client, company.id))
        providers = self._ask(f"{named}: identity providers", lambda: identity_providers.every(client, company.id))
        own = _rules_of(rules, company.id) if rules is not None else self._rules_as(people)
        access = self._ask_if_offered(f"{named}: applications", lambda: company_settings.access(client, company.id))
        return Company(
            company.id,
            named,
            company.user_count,
            people,
            settings or NO_SETTINGS,
            own,
            keys,
            providers or (),
            access or NO_ACCESS,
            accounts,
        )

    def _accounts(self, company: CompanyInfo, admin: str) -> tuple[ServiceUser, ...]:
        what = f"{company.name}: service accounts"
        return self._ask_if_offered(what, lambda: service_users.of_company(self._client, admin)) or ()

    def _people_of(self, company: CompanyInfo, somebody: str | None) -> tuple[UserInfo, ...] | None:
        if self._offers_people:
            return self._ask(f"{company.name}: users", lambda: tenants.people(self._client, company.id))
        if somebody:
            return self._ask(f"{company.name}: users", lambda: users.colleagues(self._client, somebody))
        why = "the server lists them only for a user of the company, and none is known"
        self._unread[f"{company.name}: users: {why}"] = None
        return None

    def _keys(self, user: str) -> tuple[KeyInfo, ...]:
        return self._ask(f"keys of user {user}", lambda: credentials.of_user(self._client, user)) or ()

    def _rules(self) -> tuple[Rule, ...] | None:
        """Of all companies; None if this server wants to be asked company by company."""
        found = self._ask("sign-in rules", lambda: sign_in.every_rule(self._client))
        return found.entries if found is not None and found.entries else None

    def _rules_as(self, people: Sequence[UserInfo] | None) -> SignInRules | None:
        """By a user of the company; the role of an address is not told there."""
        somebody = next(iter(people or ()), None)
        if somebody is None:
            return None
        found = self._ask("sign-in rules of a company", lambda: sign_in.settings(self._client, somebody.id))
        if found is None:
            return None
        entries = tuple(sorted(each.email for each in found.whitelist_entries or ()))
        return SignInRules(tuple(sorted(found.domains or ())), unknown=entries)

    def _people(self, access_keys: Sequence[str], emails: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        """A user of each company that one is known of, and whose key is whose."""
        client = self._client
        found = self._ask("users by address", lambda: users.by_emails(client, list(emails))) if emails else None
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            by_key = zip(access_keys, pool.map(self._owner, access_keys), strict=True)
            owners = {key: user for key, user in by_key if user}
            ids = sorted({*owners.values(), *(user.id for user in (found or {}).values())})
            homes = dict(zip(ids, pool.map(self._home, ids), strict=True))
        somebody = {home: user for user, home in homes.items() if home}
        return somebody, {key: home for key, user in owners.items() if (home := homes[user])}

    def _owner(self, access_key: str) -> str | None:
        return self._ask("whose key is whose", lambda: credentials.owner(self._client, access_key))

    def _home(self, user: str) -> str | None:
        return self._ask(f"company of user {user}", lambda: users.profile(self._client, user).user.company.id)

    def _ask_if_offered(self, what: str, ask: Callable[[], _T]) -> _T | None:
        """The same; where an older server has no such call, None without a line: what it tells of is not there."""

        def unless_unknown() -> _T | None:
            try:
                return ask()
            except UnknownEndpoint:
                return None

        return self._ask(what, unless_unknown)

    def _ask(self, what: str, ask: Callable[[], _T]) -> _T | None:
        """What is answered; where the server does not tell, None, and a line that says so. Raises ClearMLError."""
        try:
            return ask()
        except _REFUSALS as error:
            self._unread[f"{what}: {_reason(error)}"] = None
            return None


def _reason(error: FailedCall) -> str:
    return f"{error.endpoint} was refused ({error.status})" if error.status else f"{error.endpoint} was not understood"


def _rules_of(rules: Sequence[Rule], company: str) -> SignInRules:
    own = [each for each in rules if each.company == company]
    by_role: dict[str | None, set[str]] = {}
    for rule in own:
        role = rule.role_name if rule.role_name in (_ADMIN, _USER, _CONSUMER) else None
        by_role.setdefault(role, set()).update(rule.addresses)
    admins, plain = by_role.get(_ADMIN, set()), by_role.get(_USER, set())
    consumers = by_role.get(_CONSUMER, set()) - admins - plain
    unknown = by_role.get(None, set()) - admins - plain - consumers
    domains = sorted({rule.domain for rule in own if rule.domain})
    lists = (tuple(sorted(each)) for each in (admins, plain - admins, consumers, unknown))
    return SignInRules(tuple(domains), *lists)
