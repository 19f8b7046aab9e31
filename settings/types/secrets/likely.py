"""Values that are secrets by what they look like, under names that only hint at it: `CARD_PIN: '4711'`. Pure.

Under such a name a word is none: `SESSION_COOKIE: clearml_token`, `LED_PIN: '17'`, `SECRET_STORE: vault`.
"""

from __future__ import annotations

import re

_LETTER_AND_DIGIT = r"(?=\S*[A-Za-z])(?=\S*[0-9])"
_DRAWN = r"(?=\S*[a-z])(?=\S*[A-Z])(?=\S*[0-9])[A-Za-z0-9+/_-]{20,}={0,2}"
_ALGORITHM = r"(?!(?i:[\w-]*(?:sha|md|rsa|hmac|ecdsa|ed|aes|argon|pbkdf|scrypt|bcrypt|v)-?[0-9])\S{0,12}\Z)"
# What a name ends with that says something about a secret, and not the secret.
_ABOUT = (
    r"(?:name|names|path|paths|store|dir|folder|file|files|region|backend|manager|scan|ref|refs|id|ids|arn|ttl|version|"
    r"url|uri|host|mount|type|kind|provider|engine|namespace|prefix|suffix|class|policy|length|size|count|limit|rotation|"
    r"algorithm|hasher|encoder|encryption|format|audience|issuer|endpoint|server|service|user|account|scope|scopes|mode|"
    r"model|method|key|keys|label|labels|annotation|header|expiry|lifetime|age|interval|days|template|role|env|project|"
    r"field|input|column|option|source|hint)"
)
# Without one of these no name is such: most names are asked no more.
_HINT = re.compile(r"key|pin|otp|salt|pepper|cookie|seed|nonce|sig|sas|secret|pass|pwd|token|credential|hook")
# Of a name, folded, and of a value.
_LIKELY = tuple(
    (re.compile(name), re.compile(value))
    for name, value in (
        # A key of some kind: `OBJECT_KEY: models/a.pt` is a place.
        (r"(?<!public)_key\Z", _DRAWN),
        (r"(?:^|_)(?:pin|pin_?code|otp)\Z", r"[0-9]{4,12}"),
        (r"(?:^|_)(?:salt|pepper)\Z", rf"{_LETTER_AND_DIGIT}{_ALGORITHM}[^\s/:]{{6,}}"),
        (r"(?:^|_)cookie\Z", rf"{_DRAWN}|{_LETTER_AND_DIGIT}[A-Za-z0-9+/=]{{16,}}"),
        (
            r"(?:^|_)(?:seed|nonce)\Z",
            rf"{_LETTER_AND_DIGIT}[A-Za-z0-9+/=_-]{{16,}}|(?:[a-z]{{3,8}} ){{11,23}}[a-z]{{3,8}}",
        ),
        (r"(?:^|_)(?:signature|sig|sas)\Z", rf"{_LETTER_AND_DIGIT}{_ALGORITHM}[A-Za-z0-9+/=_%-]{{16,}}"),
        (
            rf"(?:^|_)(?:secrets?|passw(?:or)?d|passphrase|pwd)_(?:[a-z0-9]+_)*(?!{_ABOUT}\Z)[a-z0-9]+\Z",
            rf"{_LETTER_AND_DIGIT}{_ALGORITHM}[^\s/:.]{{6,}}",
        ),
        (rf"(?:^|_)(?:token|credentials?)_(?:[a-z0-9]+_)*(?!{_ABOUT}\Z)[a-z0-9]+\Z", _DRAWN),
        # Whoever knows such an address may write there.
        (
            r"hook(?:_?(?:url|uri|address|endpoint))?\Z",
            r"https?://[^\s/$]+/\S*?(?:(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{16,}|"
            r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\S*",
        ),
    )
)


def is_likely_secret(name: str, value: str) -> bool:
    """Whether `value` looks like a secret under a name that may as well have others."""
    if not _HINT.search(name.casefold()):
        return False
    folded = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).casefold().replace("-", "_").strip("_")
    return any(hint.search(folded) and looks.fullmatch(value.strip()) for hint, looks in _LIKELY)
