"""Which keys of charts and pods are about rights: roles, bindings, accounts, access to the cluster. Pure.

A chart may call such a key as it likes, so keys are judged by the words in them: `additionalClusterRoleBindings`,
`serviceExistingAccountName`, `rbac`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_RIGHTS = frozenset(
    {
        *("role", "roles", "binding", "bindings", "rbac", "account", "accounts", "sa", "irsa", "impersonate"),
        *("impersonation", "scc", "psp", "permission", "permissions", "privileges"),
    }
)
_PARTS = ("clusterrole", "rolebinding", "serviceaccount", "rbac", "clusteraccess", "clusterwide", "clusterscope")
_CLUSTER = ("clusterrole", "clusteraccess", "clusterwide", "clusterscope", "clusteradmin")


def names_rights(key: str) -> bool:
    """Whether a key called so is about roles, bindings, accounts or access to the cluster."""
    folded = _folded(key)
    return any(part in folded for part in _PARTS) or not _RIGHTS.isdisjoint(_words(key))


def names_cluster_rights(path: Iterable[str]) -> bool:
    """Whether one of the keys is about rights in the whole cluster."""
    return any(part in _folded(key) for key in path for part in _CLUSTER)


def _words(key: str) -> set[str]:
    return {word.lower() for word in _WORDS.findall(key)}


def _folded(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())
