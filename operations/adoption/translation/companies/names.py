"""Pure: what each company's tenant is called, and which releases are whose."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from unicodedata import normalize

from operations.adoption.reading.facts import Company, Release, Server, access_key
from settings.checks.tenant_rules.names import RESERVED
from settings.types.kubernetes.names import tenant_name

_LONGEST = 45


@dataclass(frozen=True)
class TenantInstallation:
    """A company with its tenant's name, and the releases of its workers, all of one cluster.

    `by_key`: a key in a release's values says that it is the company's; else a name alone does. `elsewhere`: those of
    other clusters, for a tenant's workers are in one.
    """

    company: Company
    tenant: str
    releases: tuple[Release, ...] = ()
    by_key: bool = True
    elsewhere: tuple[Release, ...] = ()

    @property
    def context(self) -> str:
        """Of their cluster, where several were read; else empty."""
        return next((each.context for each in self.releases), "")


def tenants_of(
    server: Server, releases: Iterable[Release], files: Mapping[str, str], platform: Collection[str]
) -> tuple[list[TenantInstallation], list[Release]]:
    """Each company with its tenant, and the workers' releases that are nobody's.

    `files`: the names of tenants that have a file already, by company's id or name. `platform`: namespaces that are no
    tenant's.
    """
    workers = [each for each in releases if each.kind != "server"]
    by_company, unknown = _by_key(server, workers)
    namespaces = _namespaces({company: _in_one_cluster(own)[0] for company, own in by_company.items()}, platform)
    result: list[TenantInstallation] = []
    names: set[str] = set(files.values())
    for company in server.companies:
        filed = files.get(company.id) or files.get(company.name)
        namespace = namespaces.get(company.id, "")
        # One of another cluster's may be another company's already.
        named = namespace if namespace not in {"", *names} else _slug(company.name)
        name = filed or _free(named, names, platform)
        names.add(name)
        own = by_company.get(company.id, [])
        beside = [] if own else [each for each in unknown if each.namespace == name]
        unknown = [each for each in unknown if each not in beside]
        here, elsewhere = _in_one_cluster(own or beside)
        result.append(TenantInstallation(company, name, tuple(here), bool(own), tuple(elsewhere)))
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


def _in_one_cluster(releases: Sequence[Release]) -> tuple[list[Release], list[Release]]:
    """Those of the cluster that has most of them, of several the first; and the others."""
    counts = Counter(each.context for each in releases)
    chosen = max(counts, key=lambda each: counts[each], default="")
    return [each for each in releases if each.context == chosen], [each for each in releases if each.context != chosen]


def _namespaces(by_company: Mapping[str, Iterable[Release]], platform: Collection[str]) -> dict[str, str]:
    """The namespace of a company's workers, where it is the only one in it and can be a tenant's name."""
    inhabitants: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for company, releases in by_company.items():
        for release in releases:
            inhabitants[release.namespace, release.context].add(company)
    found: dict[str, str] = {}
    for (namespace, _), companies in sorted(inhabitants.items()):
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
