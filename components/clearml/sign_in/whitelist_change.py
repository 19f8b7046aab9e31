"""From the entries a list had to those it shall have, with the differences alone, in at most two writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.clearml.api.calls import sign_in
from components.clearml.api.calls.sign_in_models import SettingsEntry
from components.clearml.run.refusals import NotApplied, listed
from components.clearml.run.session import Session
from components.clearml.sign_in import login_settings, rule_conflicts

_NEWER = "consumer"


class WhitelistChange:
    """A change of one tenant's whitelist, made as `user_id`. Two lists of a tenant take turns.

    Who adds an e-mail removes a pending entry of another role first; who drops it leaves one of another role alone.
    """

    def __init__(self, session: Session, user_id: str) -> None:
        self._session = session
        self._user = user_id

    def give(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        """Add what is new, and correct roles. Raises SignInTaken before anything is written, NotApplied, FailedCall."""
        home = self._session.cache.home_of(self._user)
        rule_conflicts.refuse_foreign(self._session, home, emails=new.keys() - old.keys())
        with self._session.lock(f"sign-in {home}"):
            there = rule_conflicts.roles_known(self._session, home)
            for role in sorted(set(new.values())):
                asked = {email for email, its_role in new.items() if its_role == role and old.get(email) != role}
                self._add(home, {email for email in asked if there.get(email) != role}, role)

    def take(self, leaving: Mapping[str, str | None]) -> frozenset[str]:
        """Remove entries of these roles, of any role where it is None: somebody may have given the entry another.

        Returns the e-mails whose users have signed in already and so stay. Raises NotApplied, FailedCall.
        """
        home = self._session.cache.home_of(self._user)
        with self._session.lock(f"sign-in {home}"):
            return self._drop(home, leaving)

    def _drop(self, home: str, leaving: Mapping[str, str | None]) -> frozenset[str]:
        there = self._entries(leaving)
        roles = rule_conflicts.role_of_entries(self._session, home, leaving)
        ours = {
            email for email, role in leaving.items() if role is None or self._role(home, email, roles) in (role, None)
        }
        self._remove(entry for email, entry in there.items() if email in ours and not entry.accepted)
        now = self._entries(leaving)
        return frozenset(email for email in ours if email in now and now[email].accepted)

    def _add(self, home: str, emails: set[str], role: str) -> None:
        if not emails:
            return
        added = self._send(emails, role)
        kept = emails - added
        if kept:
            self._correct(home, kept, role)
        if role == _NEWER:
            self._require_role(home, emails, role)
        for email in emails:
            self._session.ledger.entry_roles[home, email] = role

    def _correct(self, home: str, emails: set[str], role: str) -> None:
        """Some were there already, and so kept their role: give the pending ones of another role the right one."""
        there = self._entries(emails)
        missing = emails - there.keys()
        roles = rule_conflicts.role_of_entries(self._session, home, emails)
        other = {email for email in emails - missing if self._role(home, email, roles) != role}
        swapped = {email: there[email] for email in other if not there[email].accepted}
        self._remove(swapped.values())
        if missing or swapped:
            self._send(missing | swapped.keys(), role)
            missing = emails - self._entries(emails).keys()
        if missing:
            raise NotApplied(f"company {home}", "whitelist", listed(emails), f"a list without {listed(missing)}")

    def _require_role(self, home: str, emails: set[str], role: str) -> None:
        """A server that does not know the role made them users, who may do more: take them away again.

        Raises NotApplied. Whoever has signed in has the role that the tenant's admins gave.
        """
        shown = rule_conflicts.role_of_entries(self._session, home, emails)
        pending = {email: each for email, each in self._entries(emails).items() if not each.accepted}
        others = {email: shown.get(email) for email in pending if shown.get(email) not in (role, None)}
        if others:
            self._remove(pending[email] for email in others)
            shown_roles = " and ".join(sorted({str(each) for each in others.values()}))
            what = f"role {shown_roles} (servers know {role} from about 3.30 on), so they were taken out again"
            raise NotApplied(f"company {home}", "whitelist", f"role {role} for {listed(others)}", what)

    def _role(self, home: str, email: str, roles: Mapping[str, str | None]) -> str | None:
        """The role of an entry: as the server shows it, else as this process gave it, else None."""
        return roles.get(email) or self._session.ledger.entry_roles.get((home, email))

    def _send(self, emails: Iterable[str], role: str) -> frozenset[str]:
        """Add them; returns those that are certainly new."""
        names = sorted(emails)
        try:
            added = self._session.write_and_verify(
                lambda: sign_in.add(self._session.client, self._user, names, role=role) or frozenset(),
                lambda: frozenset() if set(names) <= self._entries(names).keys() else None,
            )
        finally:
            self._session.wrote_rules(self._user)
        return added & frozenset(names)

    def _remove(self, entries: Iterable[SettingsEntry]) -> None:
        """Remove pending entries, spelt as the server has them, and see that they are gone."""
        names = sorted(entry.email for entry in entries)
        if not names:
            return

        def remaining() -> frozenset[str]:
            there = self._entries(map(str.casefold, names)).values()
            return frozenset(entry.email for entry in there if not entry.accepted) & frozenset(names)

        try:
            self._session.write_and_verify(
                lambda: sign_in.remove(self._session.client, self._user, names), lambda: () if not remaining() else None
            )
        finally:
            self._session.wrote_rules(self._user)
        if remaining():
            home = self._session.cache.home_of(self._user)
            raise NotApplied(
                f"company {home}", "whitelist", f"without {listed(names)}", f"that {listed(remaining())} stays"
            )

    def _entries(self, about: Iterable[str]) -> dict[str, SettingsEntry]:
        found = login_settings.entries(self._session, self._user, about)
        return {entry.email.casefold(): entry for entry in found}
