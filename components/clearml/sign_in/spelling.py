"""An admin's e-mail as it was sent. The server stores e-mails as given and matches them exactly (contract 1.6).

`SignInRuleRemovals` knows a tenant by the e-mail in lower case, whatever its file's spelling is later. Beside that key
it keeps the spelling that was sent, as `email`, where that is another. States of before kept none: then the spellings
that the key may have had are looked up, all in one question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from components.clearml.api.calls import users
from components.clearml.api.models import UserInfo
from components.clearml.run.session import Session

EMAIL = "email"
_MOST_LETTERS = 10
"""Of so many letters every spelling is tried: 1,024 at most."""


def sent(declared: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The spellings that an earlier run has sent, by the folded e-mail, each as its tenant's declaration has it."""
    return {admin: {EMAIL: each[EMAIL]} for admin, each in declared.items() if each.get(EMAIL)}


def spelt(declared: Mapping[str, Any], admin: str) -> str:
    """How the e-mail of the key `admin` was sent."""
    return str(declared.get(EMAIL) or admin)


def differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two declarations differ. That one lacks a spelling which is found without it makes no difference."""
    return before.keys() != after.keys() or any(
        _plain(before[admin], admin, after[admin]) != after[admin] for admin in after
    )


def _plain(before: Mapping[str, Any], admin: str, after: Mapping[str, Any]) -> dict[str, Any]:
    lacks = EMAIL not in before and after.get(EMAIL) in spellings(admin)
    return {**before, EMAIL: after[EMAIL]} if lacks else dict(before)


def admin_user(session: Session, admin: str, *declared: Mapping[str, Any]) -> UserInfo | None:
    """The user of the key `admin`, by what was and is declared of it; None if nobody has the e-mail."""
    known = [spelt(each, admin) for each in declared]
    found = users.by_emails(session.client, list(dict.fromkeys([*known, admin])))
    if admin not in found and not any(each.get(EMAIL) for each in declared):
        found = users.by_emails(session.client, spellings(admin))
    return found.get(admin)


def spellings(email: str) -> Sequence[str]:
    """How an e-mail may be written whose lower case this is; its domain is always in lower case."""
    local, at, domain = email.rpartition("@")
    letters = [(each, each.upper()) if each.isalpha() else (each,) for each in local]
    if sum(len(each) > 1 for each in letters) <= _MOST_LETTERS:
        return ["".join(each) + at + domain for each in product(*letters)]
    words = re.sub(r"[a-z]+", lambda word: word[0].capitalize(), local)
    return [f"{each}{at}{domain}" for each in dict.fromkeys((local, words, local.capitalize(), local.upper()))]
