"""From the domains a tenant has to those it shall have; the server takes whole lists only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from components.clearml.api.calls import sign_in
from components.clearml.run.refusals import NotApplied, listed
from components.clearml.run.session import Session
from components.clearml.sign_in import login_settings, rule_conflicts

Domains = frozenset[str]


class DomainChange:
    """A change of one tenant's domains, made as `user_id`."""

    def __init__(self, session: Session, user_id: str) -> None:
        self._session = session
        self._user = user_id

    def bring(self, wanted: Iterable[str]) -> None:
        """Have the tenant exactly these domains.

        Raises SignInTaken before anything is written, NotApplied, FailedCall.
        """
        domains = frozenset(wanted)
        rule_conflicts.refuse_foreign(self._session, self._session.cache.home_of(self._user), domains=domains)
        # A user that this run made has a company that nobody else has written to.
        self._change(lambda _: domains, domains, look_first=self._user not in self._session.ledger.created_users)

    def take(self, leaving: Iterable[str]) -> None:
        """Take these from the tenant, and leave it all others. Raises NotApplied, FailedCall."""
        gone = frozenset(leaving)
        self._change(lambda now: now - gone, gone, look_first=True)

    def _change(self, wish: Callable[[Domains], Domains], about: Domains, *, look_first: bool) -> None:
        home = self._session.cache.home_of(self._user)
        with self._session.lock(f"sign-in {home}"):
            now = self._now(about) if look_first else frozenset()
            wanted = wish(now)
            if look_first and wanted == now:
                return
            self._write(home, wanted, about | wanted)

    def _write(self, home: str, wanted: Domains, about: Domains) -> None:
        try:
            self._session.write_and_verify(
                lambda: sign_in.set_domains(self._session.client, self._user, sorted(wanted)),
                lambda: None if self._now(about) != wanted else (),
            )
        finally:
            self._session.wrote_rules(self._user)
        found = self._now(about)
        if found != wanted:
            raise NotApplied(f"company {home}", "domains", _listing(wanted), _listing(found))

    def _now(self, about: Domains) -> Domains:
        return canonical(login_settings.domains(self._session, self._user, about))


def canonical(domains: Iterable[str]) -> Domains:
    """As they are compared: in lower case, without space around them."""
    return frozenset(domain.strip().lower() for domain in domains)


def _listing(domains: Iterable[str]) -> str:
    return f"[{listed(domains)}]"
