"""Reads Helm's own records: it keeps each revision of a release in a Secret, or in a ConfigMap if it is told to."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from components.namespaces.api_server import ApiServer, StatusError
from operations.adoption.reading.facts import Release, Storage, kind_of

_HELM = "owner=helm"
_PRODUCT = "clearml"
_FORBIDDEN = 403
_PATHS: tuple[tuple[Storage, str], ...] = (("Secret", "/api/v1/secrets"), ("ConfigMap", "/api/v1/configmaps"))


def read_releases(api: ApiServer, context: str, unread: list[str], others: dict[str, str]) -> tuple[Release, ...]:
    """Those of our charts, each by its newest revision; one that is kept in both is the Secret's.

    `unread`: what the account may not list. `others`: a line for each release of another chart of the product. Raises
    StatusError where all that is left is nothing, and ClusterError.
    """
    found: dict[str, Release] = {}
    refused: list[StatusError] = []
    for storage, path in _PATHS:
        try:
            newest = _newest(api.items(path, labelSelector=_HELM))
        except StatusError as error:
            if error.status != _FORBIDDEN:
                raise
            refused.append(error)
            unread.append(f"releases in {storage}s: the account of this kubeconfig may not list them")
            continue
        for record in newest:
            release = _release(record, storage, context)
            if release is None:
                continue
            if kind_of(release.chart, release.values):
                found.setdefault(release.entry, release)
            elif _PRODUCT in release.chart.lower():
                others[str(release)] = f"release {release} ({release.chart} {release.version}, {release.status})"
    if refused and not found:
        raise refused[0]
    return tuple(sorted(found.values(), key=str))


def _newest(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The newest revision of each release."""
    newest: dict[tuple[str, str], tuple[int, Mapping[str, Any]]] = {}
    for record in records:
        metadata = record["metadata"]
        labels = metadata.get("labels") or {}
        revision = int(labels.get("version") or 0)
        key = (str(metadata["namespace"]), str(labels.get("name")))
        if revision >= newest.get(key, (0, {}))[0]:
            newest[key] = (revision, record)
    return [record for _, record in newest.values()]


def _release(record: Mapping[str, Any], storage: Storage, context: str) -> Release | None:
    metadata, found = record["metadata"], _decoded(record, storage)
    chart = ((found.get("chart") or {}).get("metadata")) or {}
    status = str((found.get("info") or {}).get("status") or "unknown")
    if status == "uninstalled":
        return None
    return Release(
        str(metadata["namespace"]),
        str((metadata.get("labels") or {}).get("name")),
        str(chart.get("name") or ""),
        str(chart.get("version") or ""),
        status,
        found.get("config") or {},
        storage,
        context,
    )


def _decoded(record: Mapping[str, Any], storage: Storage) -> Mapping[str, Any]:
    """Helm's record: JSON, packed, in base64; a Secret has that in base64 of its own. Nothing, if it is not that."""
    kept = (record.get("data") or {}).get("release") or ""
    try:
        packed = base64.b64decode(base64.b64decode(kept) if storage == "Secret" else kept)
        found = json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)
    except (ValueError, OSError, EOFError, zlib.error):
        return {}
    return found if isinstance(found, dict) else {}
