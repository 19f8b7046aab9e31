"""What the label of a key of ours tells: `<stack>/<tenant>/<use>/<generation>`. Pure.

A label of any other form is a person's, and so is the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from components.clearml.api.models import KeyInfo

_OURS = re.compile(r"(?P<use>(?P<tenant>[^/]+/[^/]+/)[^/]+)/[0-9]+")


def use_of(label: str | None) -> str | None:
    """`<stack>/<tenant>/<use>`, the same for every generation; None if the label is none of ours."""
    told = _OURS.fullmatch(label or "")
    return told and told["use"]


def tenant_of(label: str | None) -> str | None:
    """`<stack>/<tenant>/`, with which all the labels of one tenant begin; None if the label is none of ours."""
    told = _OURS.fullmatch(label or "")
    return told and told["tenant"]


def stack_of(label: str | None) -> str | None:
    """The stack whose run made the key; None if the label is none of ours."""
    told = tenant_of(label)
    return told and told.partition("/")[0]


def beside(held: Iterable[KeyInfo], label: str, access_key: str) -> dict[str, str]:
    """The live keys of the same use that are not this one, each with a line for people; by access key."""
    use = use_of(label)
    return {
        key.access_key: f"{key.label}, {_used(key)}: it is not the one in use ({label}), so `up` revokes it"
        for key in held
        if use and use_of(key.label) == use and key.access_key != access_key
    }


def _used(key: KeyInfo) -> str:
    return f"last used {key.last_used}" if key.last_used else "never used"
