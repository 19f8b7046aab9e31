"""Which parts of a pod hold data of its owner's: below them a key may be called like any field of a pod. Pure."""

from __future__ import annotations

_NAMES = frozenset({"nodeSelector", "requests", "limits", "fileContent"})
_ENDINGS = ("labels", "annotations")


def holds_data(key: str) -> bool:
    """Whether the keys right below `key` are names that the owner chose: labels, annotations, resources of a node."""
    return key in _NAMES or key.lower().endswith(_ENDINGS)
