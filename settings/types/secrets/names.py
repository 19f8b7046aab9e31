"""Under which names a secret stands. Pure."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"(?:passw(?:or)?d|passphrase|passcode|pwd|pword|(?:^|_)psw|(?:^|_|git|my|db|ssh|pg|ldap|smtp|mail|bind|root)pass|"
    r"(?:^|_)(?:bind)?pw|secret|token|(?:^|_)pat|(?:^|_)credentials?|rediscli_auth|npm_config__auth|"
    r"(?:access|api|private|secret|user|glue|account|storage|signing|encryption|master|deploy|licen[cs]e|app|admin|service|"
    r"shared|session|hmac|webhook)_?key|erlang_cookie|mnemonic|(?:seed|recovery|backup)_phrase|(?:recovery|backup)_codes?)"
    # `PASSWORD_2`, `TOKEN_PROD`, `secretBase64` hold one as well.
    r"(?:_?(?:[0-9]{1,2}|prod|dev|staging|value|text|plain|b64|base64))?\Z"
)
# They say where a secret is: `existingSecret`, `imagePullSecret`, `passwordSecretKey`.
_REFERRING = re.compile(
    r"existing|pull_?secrets?\Z|(?:passw(?:or)?d|token|user(?:name)?|cert|ca|url|uri|host)_?secret_?key\Z|"
    r"secret_?(?:ref|key_?ref)\Z"
)
# A number of tokens, or one of a language model's own.
_OF_TEXT = re.compile(
    r"(?:^|_)(?:max|min|num|n)_(?:[a-z]+_){0,2}token\Z|"
    r"(?:^|_)(?:eos|bos|pad|unk|sep|cls|mask|stop|start|end|special|image|input|output|new)_token\Z"
)
# Names of signed and short-lived addresses, which mean nothing of the kind in a chart's values.
_IN_QUERY = re.compile(r"(?:^|_)(?:sig|signature|auth|authorization|jwt|pat|credentials?)\Z")


def is_secret_name(name: str) -> bool:
    """Whether a parameter of an address called so holds a secret."""
    folded = name.casefold().replace("-", "_").strip("_")
    return bool(_SECRET.search(folded) or _IN_QUERY.search(folded))


def is_secret_setting(name: str) -> bool:
    """Whether a text under a key called so is a secret; `existingSecret: name` says where one is."""
    folded = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).casefold().replace("-", "_").strip("_")
    named = _SECRET.search(folded) or _SECRET.search(name.casefold())
    return bool(named) and not _REFERRING.search(folded) and not _OF_TEXT.search(folded)
