"""Which sign-in rules change, in words. What every tenant declares is one resource's input: `Departures`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from settings.types.letters.confusable import meaning_of

Declared = Mapping[str, Mapping[str, Any]]
"""Admin's e-mail to `{"tenant", "protect", "domains": {domain: ""}, "entries": {email: role}}`."""
_ROLES = {"admin": "an admin", "user": "a plain user", "consumer": "a consumer"}


def rule_changes(before: Declared, after: Declared) -> list[str]:
    """One line for each domain, then each address, whose tenant or role changes; a renamed tenant changes nothing."""
    names = {admin: str(tenant["tenant"]) for declared in (before, after) for admin, tenant in declared.items()}
    return [*_domains(before, after, names), *_entries(before, after, names)]


def renamed(before: Declared, after: Declared) -> dict[str, str]:
    """New name to old name of the tenants whose file is called otherwise: known by their admin's address."""
    both = before.keys() & after.keys()
    pairs = {str(after[admin]["tenant"]): str(before[admin]["tenant"]) for admin in both}
    return {new: old for new, old in pairs.items() if new != old}


def _domains(before: Declared, after: Declared, names: Mapping[str, str]) -> list[str]:
    was, is_ = _holders(before, "domains"), _holders(after, "domains")
    changes = []
    for domain in sorted(was.keys() | is_.keys()):
        old, new = was.get(domain), is_.get(domain)
        if old == new:
            continue
        if old is None and new is not None:
            changes.append(f"new users of {_rule(domain)} land in {names[new[0]]} from now on")
        elif new is None and old is not None:
            changes.append(f"new users of {_rule(domain)} do not land in {names[old[0]]} any more")
        elif old is not None and new is not None:
            left, reached = names[old[0]], names[new[0]]
            changes.append(
                f"{_rule(domain)} moves from {left} to {reached}: new users land in {reached} from now on; who has "
                f"signed in already stays in {left}"
            )
    return changes


def _entries(before: Declared, after: Declared, names: Mapping[str, str]) -> list[str]:
    was, is_ = _holders(before, "entries"), _holders(after, "entries")
    changes = []
    for email in sorted(was.keys() | is_.keys()):
        old, new = was.get(email), is_.get(email)
        if old == new:
            continue
        if old is None and new is not None:
            changes.append(f"{_rule(email)} is let into {names[new[0]]} as {_role(new)}")
        elif new is None and old is not None:
            changes.append(f"{_rule(email)} is not let into {names[old[0]]} any more, unless signed in already")
        elif old is not None and new is not None and old[0] != new[0]:
            left, reached = names[old[0]], names[new[0]]
            changes.append(f"{_rule(email)} moves from {left} to {reached} as {_role(new)}, unless signed in already")
        elif old is not None and new is not None:
            changes.append(f"{_rule(email)} becomes {_role(new)} of {names[new[0]]} instead of {_role(old)}")
    return changes


def _rule(rule: str) -> str:
    """A domain or an address, and what a browser shows of one in other letters: nobody reads punycode."""
    domain = rule.rpartition("@")[2]
    meaning = meaning_of(domain)
    return f"`{rule}` (shown as {meaning})" if meaning not in ("", domain) else f"`{rule}`"


def _holders(declared: Declared, kind: str) -> dict[str, tuple[str, str]]:
    """Rule to the admin's address of the tenant that holds it, and the role."""
    return {
        rule: (admin, str(role)) for admin, tenant in declared.items() for rule, role in tenant.get(kind, {}).items()
    }


def _role(held: tuple[str, str]) -> str:
    return _ROLES.get(held[1], held[1])
