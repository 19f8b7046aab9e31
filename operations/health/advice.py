"""What to do about what Helm and Kubernetes say (docs/upgrades.md).

Imports neither settings nor components: what runs another checkout's program imports it, and must leave it its own.
"""

from __future__ import annotations

import re

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
# Of a ServiceAccount or an IngressClass, say: helm looks before it writes, so nothing of it was touched.
_OTHERS = re.compile(
    r'(?P<kind>\w+) "(?P<name>[^"]+)" in namespace "(?P<namespace>[^"]*)" exists and cannot be imported into '
)

_UNINSTALLED = re.compile(r"release: not found")


def remediation(
    message: str, namespace: str = "<the release's>", stack: str = "", cluster: str = " --context <its-cluster>"
) -> str:
    """What to do about `message`, in words that quote nothing of it but a kind and a name; empty if nobody knows.

    Commands are for `stack`, if it is known, and for the cluster that kubectl's options `cluster` name.
    """
    of_stack = f" --stack {stack}" if stack else ""
    unchangeable = _UNCHANGEABLE.search(message)
    if unchangeable:
        delete = f"delete {unchangeable['kind'].lower()} {unchangeable['name']} --namespace {namespace}"
        return (
            "Kubernetes changes this in no existing object; delete it and run this again, which makes it anew: "
            f"kubectl {delete}{cluster}; see docs/upgrades.md"
        )
    others = _OTHERS.search(message)
    if others:
        within = f" --namespace {others['namespace']}" if others["namespace"] else ""
        delete = f"delete {others['kind'].lower()} {others['name']}{within}"
        return (
            "somebody else made it, and it was not touched: keep it under another name, or have the chart call ours "
            f"otherwise by extraValues; if nobody needs it: kubectl {delete}{cluster}"
        )
    if _PENDING.search(message):
        return (
            "a run of before died in the midst of it, or somebody else has the name: make heal, which says what to do"
        )
    if _UNINSTALLED.search(message):
        return (
            f"somebody uninstalled it; run this again with a refresh, which finds that: pulumi up{of_stack} --refresh"
        )
    if _NOT_GIVEN.search(message):
        return (
            "its registry does not give the chart: if it asks for a login, write charts.registry: {username: …}, and "
            f"set its token with: pulumi config set{of_stack} --secret chartToken; see docs/stacks.md"
        )
    return ""


def with_remediation(message: str, stack: str = "") -> str:
    """`message`, one line of the engine, and after it the way out where we know that."""
    found = remediation(message, stack=stack)
    return f"{message}: {found}" if found else message
