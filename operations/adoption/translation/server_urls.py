"""Pure: where workers reach the server, if that is not at its hosts: `serverUrls` of the stack and of tenants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from operations.adoption.reading.facts import Note, Release, texts_at
from operations.adoption.translation.companies.names import TenantInstallation
from operations.adoption.translation.server import Draft

_PARTS = {"api": "apiServerUrlReference", "app": "webServerUrlReference", "files": "fileServerUrlReference"}
_HOSTS = {"api": ("apiserver", "api"), "app": ("webserver", "app"), "files": ("fileserver", "files")}


def usual_urls(draft: Draft) -> dict[str, str]:
    """What workers are told by a stack that says nothing: the hosts; of files, where they are kept instead."""
    found = {}
    for part, (section, prefix) in _HOSTS.items():
        said = draft.server.get(section) or {}
        host = said.get("host") or f"{prefix}.{draft.stack['baseDomain']}"
        found[part] = str(said.get("externalUrl") or f"https://{host}")
    return found


def common_urls(releases: Iterable[Release], usual: Mapping[str, str]) -> dict[str, str]:
    """What most workers are told otherwise."""
    told = [_urls_of(each) for each in releases]
    found = {}
    for part in _PARTS:
        counts = Counter(each[part] for each in told if part in each)
        most = max(counts, key=lambda each: (counts[each], each == usual[part], each), default=usual[part])
        if most != usual[part]:
            found[part] = most
    return found


def tenant_urls(owned: TenantInstallation, usual: Mapping[str, str], notes: list[Note]) -> dict[str, str]:
    """What the tenant's first worker is told otherwise than the stack's; all of a tenant's are told the same."""
    found: dict[str, str] = {}
    for part in _PARTS:
        told = {release: url for release in owned.releases if (url := _urls_of(release).get(part))}
        first = next(iter(told.values()), usual[part])
        if first != usual[part]:
            found[part] = first
        notes += _others(owned.tenant, part, told, first)
    return found


def _others(tenant: str, part: str, told: Mapping[Release, str], chosen: str) -> Iterator[Note]:
    for release, url in told.items():
        if url != chosen:
            text = f"release {release} reaches it at {url}, and from the next deploy on at {chosen}, as the others here"
            yield Note(tenant, "change", f"serverUrls.{part}", text)


def _urls_of(release: Release) -> dict[str, str]:
    found = {}
    for part, key in _PARTS.items():
        url = texts_at(release.values, "agentk8sglue", key) or texts_at(release.values, "clearml", key)
        if url:
            found[part] = url.rstrip("/")
    return found
