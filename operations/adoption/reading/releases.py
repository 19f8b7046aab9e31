"""Reads Helm's own records: it keeps each revision of a release in a Secret, or in a ConfigMap if it is told to."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from components.namespaces.api_server import ApiServer, StatusError
from operations.adoption.reading.facts import Release, Storage, kind_of
from operations.releases.occupants.makers import tool_in

_HELM = "owner=helm"
_PRODUCT = "clearml"
_FORBIDDEN = 403
_DEPLOYED = "deployed"
_PATHS: tuple[tuple[Storage, str], ...] = (("Secret", "/api/v1/secrets"), ("ConfigMap", "/api/v1/configmaps"))


def read_releases(api: ApiServer, context: str, unread: list[str], others: dict[str, str]) -> tuple[Release, ...]:
    """Those of our charts, each by the revision that runs; one that is kept in both is the Secret's.

    `unread`: what the account may not list, or nobody can read. `others`: a line for each release of another chart of
    the product. Raises StatusError where all that is left is nothing, and ClusterError.
    """
    found: dict[str, Release] = {}
    refused: list[StatusError] = []
    for storage, path in _PATHS:
        try:
            found_here = [*_revisions(api.items(path, labelSelector=_HELM))]
        except StatusError as error:
            if error.status != _FORBIDDEN:
                raise
            refused.append(error)
            unread.append(f"releases in {storage}s: the account of this kubeconfig may not list them")
            continue
        for newest, running in found_here:
            release = _release(newest, running, storage, context)
            if release is None:
                continue
            if not release.chart:
                unread.append(f"release {release}: its record, kept in a {storage}, is none that Helm writes")
            elif kind_of(release.chart, release.values):
                found.setdefault(release.entry, release)
            elif _PRODUCT in release.chart.lower():
                others[str(release)] = f"release {release} ({release.chart} {release.version}, {release.status})"
    if refused and not found:
        raise refused[0]
    return tuple(sorted(found.values(), key=str))


def _revisions(records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Of each release the newest revision, and the one that runs: an upgrade that failed left that of before."""
    newest: dict[tuple[str, str], Mapping[str, Any]] = {}
    running: dict[tuple[str, str], Mapping[str, Any]] = {}
    for record in sorted(records, key=_revision):
        labels = record["metadata"].get("labels") or {}
        key = (str(record["metadata"]["namespace"]), str(labels.get("name")))
        newest[key] = record
        if labels.get("status") == _DEPLOYED:
            running[key] = record
    yield from ((record, running.get(key, record)) for key, record in newest.items())


def _revision(record: Mapping[str, Any]) -> int:
    return int((record["metadata"].get("labels") or {}).get("version") or 0)


def _release(newest: Mapping[str, Any], running: Mapping[str, Any], storage: Storage, context: str) -> Release | None:
    """With the status of the newest revision, and all else of the one that runs."""
    metadata, last = running["metadata"], _decoded(newest, storage)
    found = last if running is newest else _decoded(running, storage)
    chart = ((found.get("chart") or {}).get("metadata")) or {}
    status = str((last.get("info") or {}).get("status") or "unknown")
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
        0 if running is newest else _revision(running),
        tool_in(str(found.get("manifest") or "")),
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
