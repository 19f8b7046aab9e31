"""Which sign-in domains belong to no single tenant: of mail providers, and public suffixes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import publicsuffixlist
import pytest
from publicsuffixlist import PSLFILE, PublicSuffixList

from settings.checks.public_domains import _suffixes, is_public_mail, is_public_suffix
from settings.errors import ConfigurationError
from settings.loading.load import load
from tests.unit.asked import ACME, TENANT, project

# Those that were refused before the lists came from packages.
_BEFORE = [
    "126.com", "163.com", "aol.com", "duck.com", "fastmail.com", "free.fr", "gmail.com", "gmx.at", "gmx.ch",
    "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de",
    "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.com", "mac.com", "mail.com", "mail.ru",
    "me.com", "msn.com", "naver.com", "orange.fr", "outlook.com", "outlook.de", "outlook.fr", "pm.me",
    "proton.me", "protonmail.com", "qq.com", "rediffmail.com", "seznam.cz", "t-online.de", "tuta.com",
    "tutanota.com", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr",
    "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
]  # fmt: skip
_SINCE = [
    "yahoo.co.in", "hotmail.es", "comcast.net", "verizon.net", "sbcglobal.net", "bellsouth.net", "att.net",
    "cox.net", "live.co.uk", "outlook.com.br", "btinternet.com", "gmx.co.uk", "gmx.us", "uol.com.br",
    "rogers.com", "shaw.ca", "bigpond.com", "ziggo.nl", "bluewin.ch", "freenet.de", "virgilio.it",
    "hanmail.net", "daum.net", "kakao.com", "sina.com", "139.com", "foxmail.com", "bk.ru", "rambler.ru",
    "ukr.net", "abv.bg", "onet.pl", "hushmail.com", "mailbox.org", "posteo.de", "sapo.pt", "wanadoo.fr",
    "sfr.fr", "ya.ru", "yandex.com.tr", "rocketmail.com", "aim.com", "earthlink.net", "skynet.be",
    "privaterelay.appleid.com", "mozmail.com", "guerrillamail.com", "mailinator.com", "hotmail.co.th",
    "softbank.ne.jp", "docomo.ne.jp",
]  # fmt: skip


@pytest.mark.parametrize("domain", [*_BEFORE, *_SINCE])
def test_anybody_can_have_an_address_there(domain: str) -> None:
    assert is_public_mail(domain)


@pytest.mark.parametrize(
    "domain",
    ["co.uk", "com.au", "co.jp", "github.io", "blogspot.com", "pages.dev", "uk.com", "xn--55qx5d.cn", "any.ck"],
)
def test_domains_below_it_belong_to_many(domain: str) -> None:
    assert is_public_suffix(domain)


@pytest.mark.parametrize(
    "domain",
    ["acme.example", "example.com", "acme.co.uk", "acme.github.io", "www.ck", "corp.internal", "yahoo.acme.example",
     "mail.yahoo.acme.com", "yahoo.internal", "yahoo-inc.com", "nus.edu.sg", "ibm.com", "city.kawasaki.jp"],
)  # fmt: skip
def test_a_domain_with_one_owner_is_neither(domain: str) -> None:
    assert not is_public_mail(domain)
    assert not is_public_suffix(domain)


@pytest.mark.parametrize(
    ("domain", "why"),
    [
        ("Yahoo.co.in.", "'yahoo.co.in' is a public mail domain: anybody could sign in to this tenant"),
        ("GitHub.IO", "'github.io' is a public suffix, like co.uk: domains below it belong to many owners"),
        ("公司.cn", "'xn--55qx5d.cn' is a public suffix, like co.uk"),
    ],
)
def test_a_tenant_cannot_take_one(tmp_path: Path, domain: str, why: str) -> None:
    root = project(tmp_path, {ACME: TENANT.replace("[acme.example]", f"[{domain}]")})
    with pytest.raises(ConfigurationError) as told:
        load(root, "test")
    assert f"{ACME}: acme: signIn.domains[0]: {why}" in str(told.value.findings[0])


def test_each_domain_is_judged_as_by_the_whole_list() -> None:
    """The list itself is made of few of its rules; every rule in other letters, and each tenth of the others."""
    whole = PublicSuffixList()
    rules = [line.strip() for line in Path(PSLFILE).read_text(encoding="utf-8").splitlines()]
    rules = [rule for rule in rules if rule and not rule.startswith("//")]
    some = [*rules[::10], *(rule for rule in rules if not rule.isascii() or rule[0] in "*!")]
    for base in {rule.lstrip("!*.").encode("idna").decode() for rule in some}:
        for domain in (base, f"acme.{base}", f"www.acme.{base}", f"xn--nothing.{base}"):
            assert is_public_suffix(domain) == whole.is_public(domain), domain
            assert _suffixes(domain).privatesuffix(domain, accept_unknown=False) == whole.privatesuffix(
                domain, accept_unknown=False
            ), domain


def test_few_rules_are_read_for_a_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them were encoded, two times in each `make up`: a tenth of a tenant's CPU time."""
    encoded: list[str] = []

    def noted(rule: str) -> str:
        encoded.append(rule)
        return rule

    monkeypatch.setattr(publicsuffixlist, "encode_idn", noted)
    assert is_public_suffix("blogspot.com")
    assert not is_public_suffix("acme.co.uk")
    assert sorted(encoded) == ["blogspot.com", "co.uk", "com", "uk"]


def test_the_lists_are_read_without_a_network() -> None:
    """No socket is opened, and what would update the list of suffixes is not imported."""
    code = (
        "import socket, sys\n"
        "def refused(*_, **__): raise OSError('network')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = refused\n"
        "from settings.checks.public_domains import is_public_mail, is_public_suffix\n"
        "assert is_public_suffix('co.uk') and is_public_mail('comcast.net')\n"
        "assert 'requests' not in sys.modules and 'publicsuffixlist.update' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[4], check=True)
