"""Sentences that say where a secret is to be had: `# password: see the wiki`. Pure.

Such a sentence begins with a word that leads on, names a place or somebody, and is of plain words alone: a password is
one word, or words that lead nowhere.
"""

from __future__ import annotations

import re

_LEADS = re.compile(
    r"(?i)(?:please|see|ask|use|get|request|contact|look|find|found|comes?|taken|read|kept|held|lives?|stored|managed|"
    r"rotated|generated|issued|injected|mounted|provided|supplied|created|set|made|given|known|same)"
)
# They lead on in a longer sentence alone.
_BEGINS = re.compile(r"(?i)(?:never|not|only|you|we|from|in|at|by|via|with)")
_PLACE = re.compile(
    r"(?i)(?:wiki|docs?|documentation|readme|runbooks?|handbook|intranet|confluence|sharepoint|jira|tickets?|vault|"
    r"keepass|keychain|bitwarden|1password|lastpass|external-secrets|safe|manager|ops|devops|sre|admins?|administrators?|"
    r"team|helpdesk|support|security|owner|dba|secret|secrets)"
)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[a-z-]{0,24})*|[a-z-]{1,24}(?:/[a-z-]{1,24})+")
_WORD = re.compile(r"[A-Za-z]{1,14}(?:['-][A-Za-z]{1,14}){0,3}|[0-9]{1,4}|1[Pp]assword")
_REMARK = re.compile(r"\s*(?:#|//|;|--|/\*|\*|<!--|(?i:rem)\s)")
_LATER = re.compile(r"(?i)(?:to|will) be (?:set|written|chosen|added|given|made)(?: (?:later|soon|afterwards))?[.,;!]?")
_TO_BE_CHANGED = re.compile(
    r"(?i)(?:change|replace)[-_ ]?(?:me|this|it)[-_ ](?:later|soon|please|now|before[-_ ][a-z-]+)"
)


def says_where(sentence: str) -> bool:
    """Whether what stands behind a secret's name and a colon, up to the line's end, only says where the secret is."""
    plain = re.split(r"\"|'(?![A-Za-z])", sentence)[0]
    words = [word.strip("().,;!?…") for word in plain.split()]
    words = [word for word in words if word]
    if len(words) == 1 and words[0].startswith("http"):
        return bool(_ADDRESS.fullmatch(words[0]))
    leads = len(words) > 1 and (_LEADS.fullmatch(words[0]) or (len(words) > 2 and _BEGINS.fullmatch(words[0])))
    return bool(_LATER.fullmatch(plain.strip())) or (
        bool(leads)
        and all(_WORD.fullmatch(word) or _ADDRESS.fullmatch(word) for word in words)
        and any(_PLACE.fullmatch(word) or word.startswith("http") for word in words[1:])
    )


def is_to_be_changed(line: str, sentence: str) -> bool:
    """Whether a remark's value only says that somebody will write one."""
    return bool(_REMARK.match(line) and _TO_BE_CHANGED.fullmatch(sentence.strip()))
