"""What to do about what Helm and Kubernetes say: a line of the engine, and after it the way out (docs/upgrades.md)."""

from __future__ import annotations

import re

_UNCHANGEABLE = re.compile(
    r'cannot patch "(?P<name>[^"]+)" with kind (?P<kind>\w+):.*'
    r"(?:field is immutable|updates to \w+ spec for fields other than|may not change|cannot be changed)"
)
_PENDING = re.compile(r"another operation \(install/upgrade/rollback\) is in progress|cannot re-use a name that is")


def with_way_out(message: str) -> str:
    """`message`, one line, with what to do about it where we know that."""
    unchangeable = _UNCHANGEABLE.search(message)
    if unchangeable:
        kind, name = unchangeable["kind"].lower(), unchangeable["name"]
        return (
            f"{message}: Kubernetes changes this in no existing object; delete it and run this again, which makes it "
            f"anew: kubectl delete {kind} {name} --namespace <the release's>; see docs/upgrades.md"
        )
    if _PENDING.search(message):
        return f"{message}: a run of before died in the midst of it: make heal, then run this again"
    return message
