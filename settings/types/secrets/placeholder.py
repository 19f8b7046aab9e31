"""Words that stand where a value is still to be written: `replace-me`, `<your-domain>`, `TODO`. Pure."""

from __future__ import annotations

import re

# Wherever they stand: nobody means them.
_ANYWHERE = re.compile(r"(?<![a-z0-9])(?:replace|change)[-_ ]?(?:me|this)(?![a-z0-9])", re.IGNORECASE)
# Only as a whole value: a script may speak of them.
_WHOLE = re.compile(r"TODO|TBD|FIXME|XXX+|\.\.\.|…|<[^<>\n]*>")
# In an address or a name, but not in what goes to a chart, which may be a script or a page.
_WITHIN = re.compile(
    r"<\w[\w .-]*>|(?<![a-z0-9])your[-_](?:account|bucket|cluster|company|context|domain|host|key|name|organi[sz]ation|"
    r"password|registry|secret|tenant|token|user)(?![a-z0-9])",
    re.IGNORECASE,
)
# What `pulumi config set --secret` writes: `v1:…` with a passphrase or a key service, base64 with Pulumi's service.
_CIPHERTEXT = re.compile(r"v1:.+|[A-Za-z0-9+/]{24,}={0,2}", re.DOTALL)


def is_placeholder(text: str, *, is_free: bool = False) -> bool:
    """Whether somebody has to write a value in place of `text`; `is_free`: it goes to a chart as it is."""
    within = not is_free and "</" not in text  # XML, whose elements look like placeholders
    return bool(_ANYWHERE.search(text) or _WHOLE.fullmatch(text.strip()) or (within and _WITHIN.search(text)))


def is_ciphertext(text: str) -> bool:
    """Whether `text` may be what the engine made of a secret, and so can be decrypted."""
    return bool(_CIPHERTEXT.fullmatch(text.strip())) and not is_placeholder(text)
