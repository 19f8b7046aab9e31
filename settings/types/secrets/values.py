"""Which texts hold a secret, judged by themselves: tokens of known services, and assignments inside scripts and files.

Pure. A text that only says where a secret is, is none: `${OKTA_SECRET}`, `$(cat /run/secrets/token)`, a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from settings.types.secrets.base64_texts import holds_key_file, plain_bytes, texts_in_base64
from settings.types.secrets.command_lines import command_secrets
from settings.types.secrets.known_tokens import holds_known_token
from settings.types.secrets.names import is_secret_setting
from settings.types.secrets.prose import is_to_be_changed, says_where

# Beside those of `known_tokens`: each by the mark that its maker gave it, and at the least length that is known.
_TOKENS = re.compile(
    "|".join(
        (
            r"\bgh[pousr]_[A-Za-z0-9]{20,}",
            r"\bgithub_pat_[A-Za-z0-9_]{20,}",
            r"\bgl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent)-[A-Za-z0-9_-]{16,}",
            r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
            r"\b(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{16}\b",
            r"\b(?:Account|SharedAccess)Key\s*=\s*[A-Za-z0-9+/]{16,}",
            r"\bSharedAccessSignature\s*=\s*\S{16,}",
            r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
            r"(?i:\bbearer)[ ]+(?=\S{0,99}[0-9])[A-Za-z0-9._~+/-]{12,}",
            r"(?i:\bauthorization[\"']?\s*[:=]\s*[\"']?basic)[ ]+[A-Za-z0-9+/=]{8,}",
            r"\bhf_[A-Za-z0-9]{20,}",
            r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}",
            r"\bsk-(?=\S{0,99}[0-9])[A-Za-z0-9_-]{20,}",
            r"\bAIza[A-Za-z0-9_-]{30,}",
            r"\bya29\.[A-Za-z0-9_-]{20,}",
            r"\bnpm_[A-Za-z0-9]{30,}",
            r"\bpypi-[A-Za-z0-9_-]{40,}",
            r"\bdckr_[po]at_[A-Za-z0-9_-]{20,}",
            r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{20,}",
            r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}",
            r"\bdo[opr]_v1_[a-f0-9]{32,}",
            r"\bglc_[A-Za-z0-9+/=]{20,}",
            r"\bsq0csp-[A-Za-z0-9_-]{30,}",
            # What passwords are kept as, in a file of a web server's or a system's users: it is tried out elsewhere.
            r"\$(?:apr1|[156])\$(?:rounds=[0-9]+\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{22,}",
            r"\$(?:2[abxy]?\$[0-9]{2}\$|g?y\$[A-Za-z0-9./]+\$|argon2(?:id?|d)\$)[A-Za-z0-9./$=,+-]{20,}",
            r"\{(?:SSHA|SHA|SMD5|CRYPT)(?:256|512)?\}[A-Za-z0-9+/=.$]{20,}",
            r"\bpbkdf2[_-]sha[0-9]+\$[A-Za-z0-9./$=+-]{20,}",
            r"(?m:^\s*(?:proxy-)?user\s*=\s*\")(?![0-9]+:[0-9]+\")[^\s\":$]+:[^\s\"$]+\"",
            r"discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{30,}",
            r"\bPuTTY-User-Key-File-[0-9]",
            r"\bs\.(?=[A-Za-z]*[0-9])[A-Za-z0-9]{24}\b",
            r"/t/[a-z]{2}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/",
            r"\bjdbc:[a-z:]+:[^/@\s:$]+/[^/@\s$]+@",
            r"(?m:^\s*(?:\S+:)?_auth\s*=\s*[\"']?)[A-Za-z0-9+/]{8,}",
            r"hooks\.slack\.com/services/T\w+/B\w+/\w+",
            r"PRIVATE KEY(?: BLOCK)?-----",
            r"\bAGE-SECRET-KEY-1[A-Z0-9]{20,}",
            r"\btskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9-]{16,}",
            r"\b(?:lin_api|pscale_(?:pw|tkn|oauth)|shp(?:at|ca|pa|ss)|sbp|gsk|glsa|figd|ntn|rnd)_(?=\S{0,99}[0-9])[\w=.-]{24,}",
            r"\bdapi[0-9a-f]{32}\b|\bkey-[0-9a-f]{32}\b|\bNRAK-[A-Z0-9]{24,}|\bPMAK-[0-9a-f-]{40,}",
            r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9]{32,}|\bdt0[a-z]01\.[A-Z0-9]{24}\.[A-Z0-9]{32,}",
            r"\bATATT3[\w=-]{40,}|\bATBB[A-Za-z0-9]{24,}|\.atlasv1\.[\w-]{40,}|:APA91b[\w-]{60,}",
            r"\b(?:nvapi|xai)-[\w-]{40,}|\br8_[A-Za-z0-9]{32,}|\b(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9/+=]{40,}",
            # Addresses that are signed, or that only whoever may write there knows.
            r"[?&]sig=(?=[^\s&]*[0-9])[A-Za-z0-9%+/=_-]{16,}|\bX-(?:Amz|Goog)-(?:Signature|Security-Token)=[\w%]{16,}",
            r"[?&]code=[A-Za-z0-9%+/=_-]{40,}|[\w.-]+:[^\s@/$:]+@(?:tcp|tcp6|unix)\(",
            r"/(?:web)?hooks?/(?:catch/[0-9]+/|v[0-9]/)?(?=[a-zA-Z]*[0-9])(?=[0-9]*[a-zA-Z])[A-Za-z0-9]{20,}(?![\w-])",
            r"(?<![\w.~-])[\w.~-]{3}[0-9]Q~[\w.~-]{24,}|webhook\.office\.com/webhookb2/\S{20,}",
        )
    )
)
# What stands behind it is a user and a password in base64; a word after "basic" is none.
_BASIC = re.compile(r"\b(?i:basic)[ ]+([A-Za-z0-9+/]{6,}={0,2})")
# `export NAME=value`, `name: value`, `"name": "value"`, `--name=value`, `a.b.name = value`, `Pwd=value;`.
_ASSIGNMENT = re.compile(
    r"""([A-Za-z_][\w.-]*)["']?[ \t]*(?:=>|:=|[:=](?!=))[ \t]*"""
    r"""(?:(?:"{3}|'{3})([^"'\n]+)|"([^"\n]*)"|'([^'\n]*)'|([^\s"',;&|]+))"""
)
_OPTION = re.compile(r"""--([a-z][a-z-]*)[ \t]+["']?([^\s"'-][^\s"']*)""")
# A user's and a group's number, as containers have them, are none.
_USER_OPTION = re.compile(r"""(?:^|\s)(?:-u|--user)[ =]["']?(?![0-9]+:[0-9]+\b)[^\s"':$]+:([^\s"'$]+)""")
# `environ["NAME"] = "value"`, `setdefault("NAME", "value")`, `<name>value</name>`, `key="name" value="value"`.
_IN_CODE = re.compile(r"""["']([\w.-]+)["'](?:\]\s*=|,)\s*["']([^"'\n]+)["']""")
# `PASSWORD: str = "…"`, `$env:PASSWORD = "…"`.
_TYPED = re.compile(r"""([A-Za-z_]\w*)[ \t]*:[ \t]*[\w.|\[\] ]{1,40}?[ \t]*=[ \t]*["']([^"'\n]+)["']""")
_OF_SHELL = re.compile(r"""\$env:(\w+)[ \t]*=[ \t]*["']([^"'\n]+)["']""", re.IGNORECASE)
_IN_XML = re.compile(r"""<([\w.-]+)>([^<\n]+)</|\b(?:key|name)=["']([\w.-]+)["']\s+value=["']([^"'\n]+)["']""")
_COOKIE = re.compile(r"(?i)\bcookie\s*:\s*[\w.-]+=(?=[^\s;\"']*[0-9])([^\s;\"']{12,})")
# A line of `.pgpass`; a group of an IPv6 address in place of the host is none.
_PGPASS = re.compile(
    r"(?:^|[\s\"'])(?![0-9a-f]*[0-9][0-9a-f]*:)[\w.*-]+:(?:[0-9]{4,5}|\*):[^\s:]+:[^\s:]+:([^\s:\"'$]+)"
)
_NETRC = re.compile(r"\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S+)")
_DOCKER_LOGIN = re.compile(r"""["']auth["']\s*:\s*["'][A-Za-z0-9+/=]{8,}["']""")
# Says where a secret is: a variable, a command, a template, a file.
_REFERENCE = re.compile(
    r"""\s*(?:\$\{[^}]*\}?|\$\([^)]*\)?|\$\$?\w+|\{\{.*\}\}|\{\w+\}|%\w+%|`[^`]*`|(?:file|env|vault|ref|awssm|gcpsm):\S+"""
    r"""|~?/[\w.-]+(?:/[\w.-]+)+/?|\*{3,}|<[\w -]+>)\s*"""
)
_HARMLESS = re.compile(r"(?i)\s*(?:|true|false|yes|no|on|off|none|null|nil|undefined|str|string|bytes|bool|int|0|1)\s*")
# Code that fetches a value: a call, an index, an attribute of the environment.
_CODE = re.compile(r"[\w.]*[\w\])](?:\(|\[).*|(?:os|env|environ|process|self|args|config|settings|secrets)\.[\w.]+")

# An example in a remark of a file that ships with a program, by the words that ClearML's own has there.
_TEMPLATE = re.compile(
    r"""(?m)^[ \t]*(?:#|//)[#/ \t]*[\w.-]+["']?[ \t]*[:=][ \t]*["'](?:my-secret-key|secret|12345678)["'],?[ \t]*$"""
)
# Behind a bracket that opens: remarks, and then a key or another bracket, so that what is inside is judged by itself.
_BRACKETS = re.compile(r"[\[{]+")
_INSIDE = re.compile(r"""(?:\s|(?:#|//)[^\n]*\n)*(?:["']?[\w.-]+["']?[ \t]*[:={]|[\[\]{}])""")
# `htpasswd:/auth`: where the file of a server's users is.
_USERS_FILE = re.compile(r"ht(?:passwd|digest)[:=]/[\w./-]*")

# A word longer than this is read in pieces that overlap, for a pattern may look at every rest of a word.
_PIECE, _OVERLAP = 400, 150
_LONG_WORD = re.compile(rf"\S{{{_PIECE + 1},}}")


def in_pieces(text: str) -> str:
    """`text` with its endless words in lines of their own, so that reading it takes time by its length alone."""
    return _LONG_WORD.sub(_pieces, text)


def _pieces(word: re.Match[str]) -> str:
    steps = range(0, len(word[0]) - _OVERLAP, _PIECE - _OVERLAP)
    return "\n".join(word[0][start : start + _PIECE] for start in steps)


def is_reference(value: str) -> bool:
    """Whether `value`, which stands under a secret's name, is none: nothing, a switch, or where the secret is."""
    return bool(_HARMLESS.fullmatch(value) or _REFERENCE.fullmatch(value))


def holds_secret(text: str) -> bool:
    """Whether a token, or something assigned to a secret's name, is anywhere in `text`, as it is or in base64."""
    return (
        holds_key_file(text)
        or _holds(in_pieces(text))
        or any(_holds(in_pieces(each)) for each in texts_in_base64(text))
    )


def holds_marked_token(text: str) -> bool:
    """Whether a token that its maker marked is anywhere in `text`, as it is or in base64."""
    return any(_TOKENS.search(in_pieces(each)) for each in (text, *texts_in_base64(text)))


def _holds(text: str) -> bool:
    marked = _TOKENS.search(text) or _holds_basic(text) or _DOCKER_LOGIN.search(text) or holds_known_token(text)
    said = _TEMPLATE.sub("", text)
    return bool(marked) or any(not is_reference(value) and not _CODE.fullmatch(value) for value in _assigned(said))


def _holds_basic(text: str) -> bool:
    """Whether the login of an `Authorization` header is in `text`, with or without the header's name."""
    return any(b":" in found and found.isascii() for found in map(plain_bytes, _BASIC.findall(text)))


def _assigned(text: str) -> Iterator[str]:
    """Every value that `text` gives to a name that a secret stands under."""
    yield from _named(text)
    for match in _OPTION.finditer(text):
        if is_secret_setting(match[1]):
            yield match[2]
    for pattern in (_IN_CODE, _IN_XML, _TYPED, _OF_SHELL):
        for match in pattern.finditer(text):
            name, value = (each for each in match.groups() if each is not None)
            # In a list of names, as of settings that are not to be shown, the next is another name.
            if is_secret_setting(name) and not (value.islower() and is_secret_setting(value)):
                yield value
    for pattern in (_USER_OPTION, _NETRC, _COOKIE, _PGPASS):
        yield from (match[1] for match in pattern.finditer(text))
    yield from command_secrets(text)


def _named(text: str, *, inside: bool = False) -> Iterator[str]:
    """What stands behind `name=`; once more in what stands behind another: `--from-literal=password=…`."""
    for match in _ASSIGNMENT.finditer(text):
        value = next(each for each in match.groups()[1:] if each is not None)
        if is_secret_setting(match[1].rpartition(".")[2]):
            opens = _BRACKETS.fullmatch(value) and _INSIDE.match(text, match.end())
            if not opens and not _USERS_FILE.fullmatch(match[0]) and not _is_prose(text, match):
                yield value
        elif not inside and (":" in value or "=" in value):
            yield from _named(value, inside=True)


def _is_prose(text: str, match: re.Match[str]) -> bool:
    """Whether a sentence stands behind the name's colon, and no value."""
    if match[5] is None or not re.match(r"[^\S\n]*:[^\S\n]", text[match.end(1) :]):
        return False
    begin, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    line = text[begin : end if end >= 0 else len(text)]
    sentence = line[match.start(5) - begin :]
    return says_where(sentence) or is_to_be_changed(line, sentence)
