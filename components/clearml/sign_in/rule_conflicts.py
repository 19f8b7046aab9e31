"""Which tenant holds a domain or an e-mail now; asked before a rule is written, so that it is never in two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from components.clearml.api.calls import sign_in, users
from components.clearml.api.calls.sign_in_models import Rule
from components.clearml.api.errors import ImpersonationRefused
from components.clearml.run.refusals import SignedInElsewhere, SignInTaken
from components.clearml.run.session import Session


def refuse_foreign(
    session: Session, company_id: str, *, domains: Iterable[str] = (), emails: Iterable[str] = ()
) -> None:
    """Raises SignInTaken or SignedInElsewhere, naming the other tenant, if one of these is not free for this company.

    One list of all rules serves every tenant of a run; what it shows as taken is asked again before we say so.
    """
    wanted_domains, wanted_emails = frozenset(domains), frozenset(emails)
    if not wanted_domains and not wanted_emails:
        return
    for fresh in (False, True):
        rules = _rules(session, wanted_domains, wanted_emails, fresh=fresh)
        taken = next(_foreign(rules, company_id, wanted_domains, wanted_emails), None)
        if taken is None:
            return
        if fresh:
            what, holder = taken
            raise _signed_in(session, company_id, what) or SignInTaken(what, session.cache.company_named(holder))


def _signed_in(session: Session, company_id: str, what: str) -> SignedInElsewhere | None:
    """The better reason, if it is an e-mail whose owner is a user by now: an entry that was used cannot be removed."""
    user = users.by_email(session.client, what) if "@" in what else None
    if user is None:
        return None
    with suppress(ImpersonationRefused):
        home = session.cache.home_of(user.id)
        return SignedInElsewhere(what, session.cache.company_named(home)) if home != company_id else None
    return None


def company_has(session: Session, company_id: str, *, domains: Iterable[str] = (), emails: Iterable[str] = ()) -> bool:
    """Whether the company has one of these now."""
    wanted_domains, wanted_emails = frozenset(domains), frozenset(emails)
    rules = _rules(session, wanted_domains, wanted_emails, fresh=True)
    return any(
        rule.company == company_id
        and ((rule.domain or "").casefold() in wanted_domains or rule.addresses & wanted_emails)
        for rule in rules
    )


def anybody_has(session: Session, domains: Iterable[str], emails: Iterable[str]) -> bool:
    """Whether any tenant has one of these; nobody signs in to a deleted one."""
    wanted_domains, wanted_emails = frozenset(domains), frozenset(emails)
    rules = _rules(session, wanted_domains, wanted_emails, fresh=True)
    holding = {company for _, company in _foreign(rules, "", wanted_domains, wanted_emails)}
    return bool(holding) and any(
        each.id in holding and each.active is not False for each in session.cache.every_company(fresh=True)
    )


def role_of_entries(session: Session, company_id: str, emails: Iterable[str]) -> dict[str, str | None]:
    """The role each e-mail has in the company's own list now; None where the server does not show it."""
    wanted = frozenset(emails)
    found: dict[str, str | None] = {}
    for rule in _rules(session, frozenset(), wanted, fresh=True):
        if rule.company == company_id:
            found.update(dict.fromkeys(rule.addresses & wanted, rule.role_name))
    return found


def roles_known(session: Session, company_id: str) -> dict[str, str | None]:
    """The role of each e-mail in the company's list, as the one list that a run reads of all rules has it.

    Nothing where the server has no such list, or this run wrote rules of the company since.
    """
    listed = None if company_id in session.ledger.rule_writes else session.cache.every_rule()
    rules = [rule for rule in listed.entries if rule.company == company_id] if listed else []
    return {email: rule.role_name for rule in rules for email in rule.addresses}


def _rules(session: Session, domains: frozenset[str], emails: frozenset[str], *, fresh: bool) -> Iterable[Rule]:
    listed = session.cache.every_rule(fresh=fresh)
    if listed is not None and (listed.entries or not session.has_others):
        return listed.entries
    # No rule of anybody's is what a server would say, too, that lists none without a filter.
    return _one_by_one(session, domains, emails)


def _one_by_one(session: Session, domains: frozenset[str], emails: frozenset[str]) -> Iterator[Rule]:
    for domain in sorted(domains):
        yield from sign_in.rules_of_domain(session.client, domain)
    for email in sorted(emails):
        yield from sign_in.rules_of_email(session.client, email)


def _foreign(
    rules: Iterable[Rule], company_id: str, domains: frozenset[str], emails: frozenset[str]
) -> Iterator[tuple[str, str]]:
    for rule in rules:
        if rule.company == company_id:
            continue
        if rule.domain and rule.domain.casefold() in domains:
            yield rule.domain, rule.company
        yield from ((email, rule.company) for email in sorted(rule.addresses & emails))
