"""What the resources of one run share, in four parts; one session per connection and plugin process.

`ApiCache`: what was read. `Intent`: what all tenants declare. `Ledger`: what this run has done. `KeyedLocks`: whose
turn it is. Nothing here is ever part of a provider's pickled state: see `provider`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from components.clearml.api.calls import users
from components.clearml.api.client import Client
from components.clearml.api.connection import Connection
from components.clearml.api.errors import ClearMLError, NotReady
from components.clearml.api.models import CompanyInfo, UserInfo
from components.clearml.api.readiness import wait_for_api
from components.clearml.api.retry import Look, Patience, write_and_verify
from components.clearml.run.api_cache import ApiCache
from components.clearml.run.intent import Intent
from components.clearml.run.keyed_locks import KeyedLocks
from components.clearml.run.ledger import Ledger

T = TypeVar("T")


class Session:
    """The client and the parts; here is what needs more than one of them."""

    def __init__(self, connection: Connection) -> None:
        self.client = Client(connection)
        self.cache = ApiCache(self.client)
        self.ledger = Ledger()
        self._locks = KeyedLocks()
        self._intent: Intent | None = None
        self._gave_up: NotReady | None = None
        self._patience = Patience(connection.wait_seconds)
        self._own_company: str | None = None

    def lock(self, key: str) -> threading.RLock:
        """A lock named after what must not be changed by two resources at a time."""
        return self._locks.lock(key)

    @property
    def intent(self) -> Intent | None:
        """What all tenants declare; None in a run of part of the program that does not say, as when it destroys."""
        return self._intent

    def hand_over(self, intent: Intent) -> None:
        """The first resource that is checked does it, every other one says the same. Raises ClearMLError if not."""
        with self.lock("intent"):
            if self._intent not in (None, intent):
                raise ClearMLError(
                    "the tenants' files were changed while this run was reading them: run the same command again"
                )
            self._intent = intent

    def wait(self) -> None:
        """Wait for the API, one wait for all; who gave up once does not wait again. Raises NotReady."""
        with self.lock("wait"):
            if self._gave_up is not None:
                raise NotReady(str(self._gave_up))
            try:
                wait_for_api(self.client)
            except NotReady as failure:
                self._gave_up = failure
                raise

    def write_and_verify(self, write: Callable[[], T], look: Callable[[], T | Look | None]) -> T:
        """As `retry` does, with this connection's limits; all waits of a run together last `wait_seconds` at most."""
        return write_and_verify(self.client.connection.limits, write, look, self._patience)

    def user_before(self, email: str) -> UserInfo | None:
        """Who had the e-mail before this run made any admin; one question answers for every tenant's."""
        return self.cache.users_before(self._asked_with(email)).get(email.casefold())

    def admins_before(self, email: str) -> list[UserInfo]:
        """Which of our tenants' admins were there before this run made any, this one among them; in a fixed order."""
        found = self.cache.users_before(self._asked_with(email))
        return [found[each] for each in sorted(found)]

    def _asked_with(self, email: str) -> tuple[str, ...]:
        """The e-mails to ask for together, as declared and in lower case: the server compares letter by letter."""
        admins = self._intent.by_admin if self._intent else {}
        declared = [each.admin_email for each in admins.values()] if email.casefold() in admins else [email]
        return tuple(dict.fromkeys([*declared, *map(str.lower, declared)]))

    @property
    def has_others(self) -> bool:
        """Whether the server has a company that this run did not make, beside its own."""
        there = {company.id for company in self.cache.every_company() if company.active is not False}
        return len(there - self.ledger.created_companies) > 1

    def created_company(self, company: CompanyInfo) -> None:
        """A company that this run has just made: it counts as ours, and in the cached list."""
        self.ledger.created_companies.add(company.id)
        self.cache.add_company(company)

    def wrote_rules(self, user_id: str) -> None:
        """What was read of the sign-in rules of the user's company may be older than a write of ours."""
        self.ledger.rule_writes.add(self.cache.home_of(user_id))
        self.cache.settings.drop(user_id)

    def own_company(self) -> str | None:
        """The id of the company of the key that we sign in with; asked for once."""
        with self.lock("own company"):
            if self._own_company is None:
                self._own_company = users.own_company(self.client)
            return self._own_company


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
