"""What was read of the server in this run: each question asked once for all, never older than our own writes."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping

from components.clearml.api.calls import companies, credentials, sign_in, tenants, users
from components.clearml.api.calls.sign_in_models import Rules, SignInSettings
from components.clearml.api.client import Client
from components.clearml.api.errors import FailedCall
from components.clearml.api.models import CompanyInfo, CurrentUser, KeyInfo, UserInfo
from components.clearml.run.single_flight_cache import SingleFlightCache

_ALL = ""
_HOUR = 3600.0


class ApiCache:
    """`settings`, `credentials` and `profiles` (what a user is and may) hold one answer per user that we act as."""

    def __init__(self, client: Client) -> None:
        self.settings: SingleFlightCache[str, SignInSettings] = SingleFlightCache(
            lambda user: sign_in.settings(client, user)
        )
        self.credentials: SingleFlightCache[str, tuple[KeyInfo, ...]] = SingleFlightCache(
            lambda user: credentials.of_user(client, user)
        )
        self.profiles: SingleFlightCache[str, CurrentUser] = SingleFlightCache(lambda user: users.profile(client, user))
        self._companies: SingleFlightCache[str, tuple[CompanyInfo, ...]] = SingleFlightCache(
            lambda _: companies.every(client)
        )
        self._rules: SingleFlightCache[str, Rules | None] = SingleFlightCache(lambda _: sign_in.every_rule(client))
        self._endpoints: SingleFlightCache[str, frozenset[str]] = SingleFlightCache(
            lambda _: tenants.offered(client), _HOUR
        )
        self._users_before: SingleFlightCache[tuple[str, ...], Mapping[str, UserInfo]] = SingleFlightCache(
            lambda emails: users.by_emails(client, emails), math.inf
        )
        self._guard = threading.Lock()
        self._homes: dict[str, str] = {}

    def every_company(self, *, fresh: bool = False) -> tuple[CompanyInfo, ...]:
        return self._companies.fresh(_ALL) if fresh else self._companies.get(_ALL)

    def add_company(self, company: CompanyInfo) -> None:
        """We made it: the list is right again without asking."""
        self._companies.amend(_ALL, lambda every: (*every, company))

    def has_company(self, company_id: str) -> bool | None:
        """Whether the server has the company, not deleted; None if it does not answer."""
        try:
            return any(each.id == company_id and each.active is not False for each in self.every_company())
        except FailedCall:
            return None

    def company_named(self, company_id: str) -> str:
        """How to name a company in a message: name and id, or the id alone, and whether it was deleted."""
        for company in self.every_company():
            if company.id == company_id:
                deleted = ", deleted" if company.active is False else ""
                return f"company {company.name!r} (id {company_id}{deleted})"
        return f"company {company_id}"

    def every_rule(self, *, fresh: bool = False) -> Rules | None:
        """Every tenant's sign-in rules, or None where the server lists them only one by one."""
        return self._rules.fresh(_ALL) if fresh else self._rules.get(_ALL)

    def offers(self, endpoint: str) -> bool:
        """Whether this server has the call; asked for once."""
        return endpoint in self._endpoints.get(_ALL)

    def users_before(self, emails: tuple[str, ...]) -> Mapping[str, UserInfo]:
        """Who had one of these e-mails when they were first asked for; by the e-mail in lower case."""
        return self._users_before.get(emails)

    def home_of(self, user_id: str) -> str:
        """The id of the user's company; it never changes, so it is asked for once."""
        with self._guard:
            known = self._homes.get(user_id)
        if known is None:
            known = self.profiles.get(user_id).user.company.id
            self.set_home(user_id, known)
        return known

    def set_home(self, user_id: str, company_id: str) -> None:
        """Somebody has seen, or decided, which company the user is in."""
        with self._guard:
            self._homes[user_id] = company_id
