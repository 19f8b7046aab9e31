"""Sign-in domains whose letters look like others', so that people of one company would land in another's tenant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.tenant import Tenant
from settings.types.letters.confusable import disguise_of, meaning_of, mixed_label, skeleton

_PUNYCODE = "xn--"


@dataclass(frozen=True)
class _Claim:
    """A domain, whose it is, and its place among all."""

    domain: str
    tenant: str
    whose: str
    place: int


@check("a sign-in domain does not pass for another's by letters that look alike")
def check_lookalike_domains(facts: Facts) -> Iterator[Finding]:
    """Letters of several alphabets in one label; what looks like another tenant's domain, or like any in Latin."""
    held = _by_look(facts)
    for tenant in facts.tenants:
        seen = set[str]()
        for key, domain in _written(tenant):
            if domain not in seen and (found := _judged(tenant.name, key, domain, held)):
                yield found
            seen.add(domain)


def _judged(tenant: str, key: str, domain: str, held: Mapping[str, Sequence[_Claim]]) -> Finding | None:
    where, shown = setting(tenant, key), meaning_of(domain)
    if not shown:
        return Finding(
            where, f"{domain!r} begins a part with {_PUNYCODE} that stands for no letters; write it in letters"
        )
    if domain != shown and (label := mixed_label(shown)):
        text = f"{domain!r} is shown as {shown!r}, with letters of several alphabets in {label!r}, which look alike"
        return Finding(where, f"{text}; type the domain anew")
    looks = held.get(skeleton(shown), ())
    alike = [each for each in looks if each.domain != domain and each.tenant != tenant]
    if domain != shown and alike:
        text = f"{domain!r} is shown as {shown!r}, which looks like {alike[0].domain!r} {alike[0].whose}"
        return Finding(where, f"{text}; type the domain anew")
    if domain != shown and disguise_of(domain):
        text = f"{domain!r} is shown as {shown!r}, whose letters look like Latin ones; see that it is meant"
        return Finding(where, text, WARNING)
    own = next((each.place for each in looks if each.domain == domain), None)
    earlier = [each for each in alike if each.domain.isascii() and (own is None or each.place < own)]
    if earlier and _PUNYCODE not in earlier[0].domain:
        text = f"{domain!r} looks like {earlier[0].domain!r} {earlier[0].whose}; see that both are meant"
        return Finding(where, text, WARNING)
    return None


def _by_look(facts: Facts) -> Mapping[str, Sequence[_Claim]]:
    """Every domain by what people take it for."""
    held: defaultdict[str, list[_Claim]] = defaultdict(list)
    named = [("", "of the stack itself", facts.settings.base_domain)] if facts.settings else []
    named += [
        (each.name, f"of tenant {each.name}", domain) for each in facts.tenants for domain in each.sign_in.domains
    ]
    for place, (tenant, whose, domain) in enumerate(named):
        held[skeleton(meaning_of(domain))].append(_Claim(domain, tenant, whose, place))
    return held


def _written(tenant: Tenant) -> Iterable[tuple[str, str]]:
    """Each domain of the tenant's sign-in rules and of its admin's address, with its key."""
    yield from ((f"signIn.domains[{index}]", domain) for index, domain in enumerate(tenant.sign_in.domains))
    yield "admin.email", tenant.admin.email.rpartition("@")[2]
    for name, _, emails in tenant.sign_in.by_role():
        yield from ((f"signIn.{name}[{index}]", each.rpartition("@")[2]) for index, each in enumerate(emails))
