"""Pure: what each company's tenant is called, and which releases are whose."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from unicodedata import normalize

from operations.adoption.reading.facts import Cluster, Company, Release, Server, access_key
from settings.checks.tenant_rules.names import RESERVED
from settings.types.vocabulary import tenant_name

_LONGEST = 45


@dataclass(frozen=True)
class Owned:
    """A company with its tenant's name, and the releases of its workers.

    `by_key`: a key in a release's values says that it is the company's; else a name alone does.
    """

    company: Company
    tenant: str
    releases: tuple[Release, ...] = ()
    by_key: bool = True


def tenants_of(
    server: Server, cluster: Cluster, files: Mapping[str, str], platform: Collection[str]
) -> tuple[list[Owned], list[Release]]:
    """Each company with its tenant, and the workers' releases that are nobody's.

    `files`: the names of tenants that have a file already, by company's id or name. `platform`: namespaces that are no
    tenant's.
    """
    workers = [each for each in cluster.releases if each.kind != "server"]
    by_company, unknown = _by_key(server, workers)
    namespaces = _namespaces(by_company, platform)
    result: list[Owned] = []
    names: set[str] = set(files.values())
    for company in server.companies:
        filed = files.get(company.id) or files.get(company.name)
        name = filed or _free(namespaces.get(company.id) or _slug(company.name), names, platform)
        names.add(name)
        own = by_company.get(company.id, [])
        beside = [] if own else [each for each in unknown if each.namespace == name]
        unknown = [each for each in unknown if each not in beside]
        result.append(Owned(company, name, tuple(own or beside), bool(own)))
    return result, unknown


def is_reserved(name: str) -> bool:
    """Whether clusters keep the name for themselves, so that the stack's file has to name the tenant."""
    return any(fnmatchcase(name, each) for each in RESERVED)


def _by_key(server: Server, workers: Iterable[Release]) -> tuple[dict[str, list[Release]], list[Release]]:
    known = {company.id for company in server.companies}
    by_company: defaultdict[str, list[Release]] = defaultdict(list)
    unknown = []
    for release in workers:
        company = server.owners.get(access_key(release), "")
        if company in known:
            by_company[company].append(release)
        else:
            unknown.append(release)
    return dict(by_company), unknown


def _namespaces(by_company: Mapping[str, Iterable[Release]], platform: Collection[str]) -> dict[str, str]:
    """The namespace of a company's workers, where it is the only one in it and can be a tenant's name."""
    inhabitants: defaultdict[str, set[str]] = defaultdict(set)
    for company, releases in by_company.items():
        for release in releases:
            inhabitants[release.namespace].add(company)
    found: dict[str, str] = {}
    for namespace, companies in sorted(inhabitants.items()):
        if len(companies) == 1 and namespace not in platform and _is_name(namespace):
            found.setdefault(next(iter(companies)), namespace)
    return found


def _slug(name: str) -> str:
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    slug = re.sub(r"-(?:inc|ltd|llc|gmbh|ag|corp|corporation)\Z", "", slug)
    slug = slug if slug[:1].isalpha() else f"tenant-{slug}".rstrip("-")
    return f"tenant-{slug}"[:_LONGEST] if is_reserved(slug) or not _is_name(slug) else slug


def _free(name: str, names: Collection[str], platform: Collection[str]) -> str:
    """The name, or one with a number behind it that no other company has."""
    taken = {*names, *platform}
    found, number = name, 2
    while found in taken:
        found, number = f"{name[: _LONGEST - 4].rstrip('-')}-{number}", number + 1
    return found


def _is_name(text: str) -> bool:
    try:
        tenant_name(text)
    except ValueError:
        return False
    return True
