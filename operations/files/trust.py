"""Changed keys of the stack's file by which secrets, code or trust go elsewhere: each has a line of its own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from operations.files.compare import FileChange, KeyChange
from settings.types.naming import PROJECT

_OURS = f"config.{PROJECT}:"
_STACK = f"{_OURS}stack."
_CHART = re.compile(r"charts\.(server|agent|gateway)\.(chart|repository)")
# What a change of such a key means, by how the key under the stack's settings begins.
_MEANINGS = (
    ("baseDomain", "every host of the service is below it"),
    ("server.apiserver.host", "people and workers send their passwords and keys to this host"),
    ("server.webserver.host", "people sign in at this host"),
    ("server.fileserver", "tasks send their files there"),
    ("server.identityProviders", "people sign in with it, and whoever runs it can sign in as anybody"),
    ("serverUrls", "agents and gateways send their keys and files there"),
    ("tenantRules", "what tenants' files may decide is another"),
    ("apiHosts", "the system key may go to such a host"),
    ("registries", "charts and images may come from there, and run in the cluster"),
    ("adoptions", "a tenant may take over a company with everybody in it"),
    ("charts.registry", "charts are asked for with a login for this registry"),
    ("kubeContext", "the service runs in another cluster"),
)
_DECRYPTION = ("secretsprovider", "encryptedkey", "encryptionsalt")


def trust_lines(files: Iterable[FileChange], base_domain: str = "") -> Iterator[str]:
    """One line for each such key; `base_domain` is the stack's afterwards, where it is known."""
    for file in files:
        name = file.path.rpartition("/")[2]
        if file.kind == "added" or not name.startswith("Pulumi."):
            continue
        for change in file.keys:
            yield from (f"{file.path}: {line}" for line in _lines(change, base_domain))


def _lines(change: KeyChange, base: str) -> Iterator[str]:
    key = change.key
    if key in _DECRYPTION:
        yield f"{key} changes: who can read the stack's secrets may be another"
    elif key == f"{_OURS}apiUrl":
        yield f"apiUrl leads elsewhere: {_arrow(change)}; the system key goes there{_outside(change, base)}"
    elif key.startswith(_STACK):
        below = key.removeprefix(_STACK)
        chart = _CHART.fullmatch(below)
        if chart and _origin(change.before) != _origin(change.after):
            yield f"{below}: the {chart[1]} chart comes from elsewhere: {_arrow(change)}; its code runs in the cluster"
        meaning = next((text for start, text in _MEANINGS if _is_at(below, start)), "")
        if meaning:
            yield f"{below}: {_arrow(change)}; {meaning}"
    elif change.note.startswith("encrypted"):
        yield f"{key.removeprefix(_OURS)} is encrypted anew; make sure that the one who did it knows the right value"


def _is_at(key: str, start: str) -> bool:
    return key == start or key.startswith((f"{start}.", f"{start}["))


def _arrow(change: KeyChange) -> str:
    before, after = (f"`{each}`" if each is not None else "nothing" for each in (change.before, change.after))
    return change.note or f"{before} → {after}"


def _outside(change: KeyChange, base: str) -> str:
    host = urlsplit(change.after).hostname if change.after and "[" not in change.after else None
    if not base or host is None or host == base or host.endswith(f".{base}"):
        return ""
    return f", a host outside the baseDomain `{base}`"


def _origin(place: str | None) -> str:
    """Registry and folder of a chart; another name within is another chart, so all but a version behind counts."""
    return (place or "").rstrip("/")
