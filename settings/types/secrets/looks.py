"""Which texts look like a secret, by the name that they stand under and by themselves. Pure; no value is handed on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from settings.types.secrets.likely import is_likely_secret
from settings.types.secrets.names import is_secret_name, is_secret_setting
from settings.types.secrets.values import holds_secret, in_pieces, is_reference
from settings.types.tree import below, children, content

# A password, a token in place of a user, or a secret parameter in an address, wherever it stands; `$(NAME)` is none.
_IN_ADDRESS = re.compile(r"://[^/\s:@]*:[^/\s@$]+@|https?://[\w%.~-]{16,}@|oci://[^/\s@$]+@")
# `NEO4J_AUTH: neo4j/password`, a user and a password in one; a host with a port, or with a path, is none.
_AUTH = re.compile(r"(?i)(?:^|_)auth\Z")
_USER_AND = re.compile(r"(?i)(?:^|_)(?:login|creds?|basic|userpass)\Z")
_PAIR = re.compile(r"(?!localhost:|[\w.-]+:[0-9]{1,5}\Z)[\w.@+-]+:[^\s/:$][^\s$]*")
_HOST = r"(?:[\w-]+\.)+[\w-]+:[0-9]{1,5}(?:/|\Z)|(?:[\w-]+\.){2,}[\w-]+/"
# How somebody signs in: `login/plain`.
_WAY = (
    r"(?:login|plain|cram-md5|digest(?:-md5)?|scram-sha-(?:1|256|512)|ntlm|gssapi|xoauth2|oauthbearer|external|basic)"
)
_LOGIN = re.compile(rf"(?!{_HOST}|(?i:{_WAY}(?:[:/]{_WAY})+\Z))[\w.@+-]+[:/][^\s/:$][^\s$]*")
_QUERY = re.compile(r"://[^\s?#]*[?#]([^\s\"\']+)")


def secret_looks(value: object, key: str) -> Iterator[str]:
    """Where in `value`, which stands at `key`, a text looks like a secret."""
    value = content(value)
    entry = isinstance(value, Mapping) and _is_secret_entry(value)
    if entry:
        yield below(key, "value")
    elif isinstance(value, str | int) and not isinstance(value, bool) and _secret(key.rpartition(".")[2], str(value)):
        yield key
    for name, at, each in children(value, key):
        if not (entry and name == "value"):
            yield from secret_looks(each, at)


def _is_secret_entry(value: Mapping[object, object]) -> bool:
    """Whether it is a variable, or the like, whose value looks like a secret by the name beside it."""
    name, text = value.get("name"), value.get("value")
    return isinstance(name, str) and isinstance(text, str) and _secret(name, text)


def _secret(name: str, value: str) -> bool:
    login = (_AUTH.search(name) and _LOGIN.fullmatch(value)) or (_USER_AND.search(name) and _PAIR.fullmatch(value))
    named = (is_secret_setting(name) or bool(login) or is_likely_secret(name, value)) and not is_reference(value)
    if named or holds_secret(value):
        return True
    value = in_pieces(value)
    return bool(_IN_ADDRESS.search(value)) or _in_parameter(value)


def _in_parameter(value: str) -> bool:
    """Whether an address in `value` has a parameter that is called like a secret."""
    return any(
        is_secret_name(name) and given and "$" not in given
        for query in _QUERY.findall(value)
        for name, given in parse_qsl(query)
    )
