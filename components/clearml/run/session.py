"""What the resources of one plugin process share: the client, short-lived answers, locks. One per connection.

Nothing here is ever part of a provider's pickled state: see `provider`.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from components.clearml.api.calls import companies, keys, sign_in, tenants, users
from components.clearml.api.client import Client
from components.clearml.api.connection import Connection
from components.clearml.api.errors import FailedCall, NotReady
from components.clearml.api.models import CompanyInfo, CurrentUser, KeyInfo, Rules, SignInSettings, UserInfo
from components.clearml.api.readiness import wait_for_api
from components.clearml.api.retry import Look, Patience, settled
from components.clearml.run.shared import Shared

T = TypeVar("T")
_ALL = ""
_HOUR = 3600.0


class Session:
    """The client and what was read with it.

    `companies` holds one list for the whole server, `settings` and `keys` one answer per user we act as, `profiles`
    what each is and may, `rules` every tenant's sign-in rules, or None where the server lists them only one by one.
    `made` are ids of what this process created itself: nothing else can have touched it before. `written` are companies
    whose sign-in rules it wrote to: `rules` may be older. `declared` are the companies that the program asks for in
    this run: by id, by name, by their admin's e-mail, in lower case. `asked` is by that e-mail how each tenant asks for
    its company: the inputs of `Company`. `uses` are what all tenants have keys for, None if this run did not say.
    `held` are companies that this run has found to be its tenants', by id the admin's e-mail: not judged again while
    that admin is made. `names` are those declared, each with what its company was called before.
    """

    def __init__(self, connection: Connection) -> None:
        self.client = Client(connection)
        client = self.client
        self.companies: Shared[str, tuple[CompanyInfo, ...]] = Shared(lambda _: companies.every(client))
        self.settings: Shared[str, SignInSettings] = Shared(lambda user: sign_in.settings(client, user))
        self.keys: Shared[str, tuple[KeyInfo, ...]] = Shared(lambda user: keys.of_user(client, user))
        self.profiles: Shared[str, CurrentUser] = Shared(lambda user: users.profile(client, user))
        self.rules: Shared[str, Rules | None] = Shared(lambda _: sign_in.every_rule(client))
        self.endpoints: Shared[str, frozenset[str]] = Shared(lambda _: tenants.offered(client), _HOUR)
        self.made: set[str] = set()
        self.written: set[str] = set()
        self.declared: set[str] = set()
        self.held: dict[str, str] = {}
        self.asked: dict[str, Mapping[str, Any]] = {}
        self.names: dict[str, str] = {}
        self._admins: set[str] = set()
        self.retired: defaultdict[str, set[str | None]] = defaultdict(set)
        self.uses: frozenset[str] | None = None
        self._before: dict[str, UserInfo | None] = {}
        self.roles_given: dict[tuple[str, str], str] = {}
        self._gave_up: NotReady | None = None
        self._patience = Patience(connection.wait_seconds)
        self._homes: dict[str, str] = {}
        self._own_company: str | None = None
        self._guard = threading.Lock()
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    def alone(self, what: str) -> threading.RLock:
        """A lock named after what must not be changed by two resources at a time."""
        with self._guard:
            return self._locks[what]

    def wait(self) -> None:
        """Wait for the API, one wait for all; who gave up once does not wait again. Raises NotReady."""
        with self.alone("wait"):
            if self._gave_up is not None:
                raise NotReady(str(self._gave_up))
            try:
                wait_for_api(self.client)
            except NotReady as failure:
                self._gave_up = failure
                raise

    def settle(self, write: Callable[[], T], look: Callable[[], T | Look | None]) -> T:
        """`retry.settled` with this connection's limits; all waits of a run together are bounded by `wait_seconds`."""
        return settled(self.client.connection.limits, write, look, self._patience)

    def tell_admins(self, emails: Iterable[str]) -> None:
        """E-mails of all tenants' admins, so that one question asks for all. Whoever may ask first tells them: nobody
        can wait here to hear of others, as the plugin serves few calls at a time.
        """
        with self._guard:
            self._admins.update(email.casefold() for email in emails)

    def tell_asked(self, companies: Mapping[str, Mapping[str, Any]]) -> None:
        """What all tenants ask for, by their admins' e-mails; the engine leaves out resources, but never this."""
        self.asked.update(companies)
        known_by = (asked.get(name) for asked in companies.values() for name in ("name", "admin_email", "known_id"))
        self.declared.update(str(each).casefold() for each in known_by if each)
        uses = [asked.get("uses") for asked in companies.values()]
        told = bool(uses) and None not in uses
        self.uses = frozenset(use for each in uses for use in each or ()) if told else None

    def user_before(self, email: str) -> UserInfo | None:
        """Who had the e-mail when it was first asked for; one question answers for every tenant's admin."""
        wanted = email.casefold()
        with self.alone("e-mails"):
            if wanted not in self._before:
                with self._guard:
                    new = sorted((self._admins | {wanted}) - self._before.keys())
                found = users.by_emails(self.client, new)
                self._before.update({each: found.get(each) for each in new})
            return self._before[wanted]

    def admins_before(self, email: str) -> list[UserInfo]:
        """Which of our tenants' admins were there when it was first asked, this one among them."""
        self.user_before(email)
        with self.alone("e-mails"):
            return [user for user in self._before.values() if user is not None]

    @property
    def has_others(self) -> bool:
        """Whether the server has a company that this process did not make, beside its own."""
        there = {company.id for company in self.every_company() if company.active is not False}
        return len(there - self.made) > 1

    def every_company(self) -> tuple[CompanyInfo, ...]:
        return self.companies.get(_ALL)

    def fresh_companies(self) -> tuple[CompanyInfo, ...]:
        return self.companies.fresh(_ALL)

    def learn_company(self, company: CompanyInfo) -> None:
        """We made it: the list is right again without asking."""
        self.made.add(company.id)
        self.companies.amend(_ALL, lambda every: (*every, company))

    def has_company(self, company_id: str) -> bool | None:
        """Whether the server has the company, not deleted; None if it does not answer."""
        try:
            return any(each.id == company_id and each.active is not False for each in self.every_company())
        except FailedCall:
            return None

    def offers(self, endpoint: str) -> bool:
        """Whether this server has the call; asked for once."""
        return endpoint in self.endpoints.get(_ALL)

    def every_rule(self, *, fresh: bool = False) -> Rules | None:
        return self.rules.fresh(_ALL) if fresh else self.rules.get(_ALL)

    def wrote_rules(self, user_id: str) -> None:
        """What was read of the sign-in rules of the user's company may be older than a write of ours."""
        self.written.add(self.home_of(user_id))
        self.settings.drop(user_id)

    def company_named(self, company_id: str) -> str:
        """How to name a company in a message: name and id, or the id alone, and whether it was deleted."""
        for company in self.every_company():
            if company.id == company_id:
                deleted = ", deleted" if company.active is False else ""
                return f"company {company.name!r} (id {company_id}{deleted})"
        return f"company {company_id}"

    def home_of(self, user_id: str) -> str:
        """The id of the user's company; it never changes, so it is asked for once."""
        with self._guard:
            known = self._homes.get(user_id)
        if known is None:
            known = self.profiles.get(user_id).user.company.id
            self.learn_home(user_id, known)
        return known

    def own_company(self) -> str | None:
        """The id of the company of the key that we sign in with; asked for once."""
        with self.alone("own company"):
            if self._own_company is None:
                self._own_company = users.own_company(self.client)
            return self._own_company

    def learn_home(self, user_id: str, company_id: str) -> None:
        with self._guard:
            self._homes[user_id] = company_id


_sessions: dict[Connection, Session] = {}
_opening = threading.Lock()


def session_for(connection: Connection) -> Session:
    """This process's session of the connection; all providers of a run share it."""
    with _opening:
        if connection not in _sessions:
            _sessions[connection] = Session(connection)
        return _sessions[connection]


def forget_sessions() -> None:
    """Start anew, as a new plugin process would; for tests that play several runs in one process."""
    with _opening:
        for session in _sessions.values():
            session.client.close()
        _sessions.clear()
