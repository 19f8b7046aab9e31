"""Names for resources the program left unnamed: `<logical name>-<hex>`."""

from __future__ import annotations

import hashlib
import secrets

from local.plugins.contract import Naming, Subject
from local.plugins.errors import PluginError

_DIGITS = 8


def autoname(subject: Subject, naming: Naming) -> str:
    """The engine's proposal, else the logical name and 8 hex digits, the same for the same seed.

    Raises PluginError if the project forbids generated names.
    """
    if naming.forbidden:
        raise PluginError(f"{subject.name}: autonaming is disabled for this project, give the resource a name")
    if naming.proposed:
        return naming.proposed
    digits = hashlib.sha256(naming.seed).hexdigest() if naming.seed else secrets.token_hex(_DIGITS)
    return f"{subject.name}-{digits[:_DIGITS]}"
