"""What to do about what Helm and Kubernetes say (docs/upgrades.md)."""

from __future__ import annotations

import re

from components.namespaces.commands import kubectl
from settings.models.cluster_ref import ClusterRef
from settings.types.secrets.commands import for_stack

_UNCHANGEABLE = re.compile(
    r'cannot patch "(?P<name>[^"]+)" with kind (?P<kind>\w+):.*'
    r"(?:field is immutable|updates to \w+ spec for fields other than|may not change|cannot be changed)"
)
# What the kubernetes plugin and helm say of a chart that is not given: of a registry, that no download came of it.
_NOT_GIVEN = re.compile(
    r'failed to download "oci://|failed to authorize: |pull access denied|failed to fetch \S+ ?: 40[13]\b|'
    r"(?:40[13]|unauthorized|denied|forbidden)\b.*; check the chart name and repository configuration",
    re.IGNORECASE,
)
_PENDING = re.compile(r"another operation \(install/upgrade/rollback\) is in progress|cannot re-use a name that is")

_UNINSTALLED = re.compile(r"release: not found")


def remediation(
    message: str, namespace: str = "<the release's>", stack: str = "", place: ClusterRef | None = None
) -> str:
    """What to do about `message`, in words that quote nothing of it but a kind and a name; empty if nobody knows.

    Commands are for `stack` and for the cluster `place`, if these are known.
    """
    found = _remediation(message, namespace, place)
    return for_stack(found, stack) if stack else found


def _remediation(message: str, namespace: str, place: ClusterRef | None) -> str:
    unchangeable = _UNCHANGEABLE.search(message)
    if unchangeable:
        kind, name = unchangeable["kind"].lower(), unchangeable["name"]
        delete = kubectl(f"delete {kind} {name} --namespace {namespace}", place)
        return (
            "Kubernetes changes this in no existing object; delete it and run this again, which makes it anew: "
            f"{delete}; see docs/upgrades.md"
        )
    if _PENDING.search(message):
        return (
            "a run of before died in the midst of it, or somebody else has the name: make heal, which says what to do"
        )
    if _UNINSTALLED.search(message):
        return "somebody uninstalled it; run this again with a refresh, which finds that: pulumi up --refresh"
    if _NOT_GIVEN.search(message):
        return (
            "its registry does not give the chart: if it asks for a login, write charts.registry: {username: …}, and "
            "set its token with: pulumi config set --secret chartToken; see docs/stacks.md"
        )
    return ""


def with_remediation(message: str, stack: str = "") -> str:
    """`message`, one line of the engine, and after it the way out where we know that."""
    found = remediation(message, stack=stack)
    return f"{message}: {found}" if found else message
