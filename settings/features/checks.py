"""Checks of every place that names a feature: known, still used, and there in the server's version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from settings.check_registry import check
from settings.facts import Facts
from settings.features.server_version import ServerVersion, server_version_of
from settings.finding import WARNING, Finding, Severity, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.feature_catalogue import CATALOGUE, NEWEST, CatalogueEntry


@dataclass(frozen=True)
class _Use:
    """A feature's name, and where it is written."""

    tenant: str
    key: str
    name: str

    def finding(self, text: str, severity: Severity = "error") -> Finding:
        return Finding(setting(self.tenant, self.key), f"{self.name!r} {text}", severity)


@check("features are known, used, and there in the server's version")
def check_features(facts: Facts) -> Iterator[Finding]:
    """Everything wrong with features by themselves."""
    settings, tenants = facts.settings, facts.tenants
    version, uses = server_version_of(settings) if settings else None, list(_uses(settings, tenants))
    yield from _once(uses)
    for use in uses:
        entry = CATALOGUE.get(use.name)
        if entry is None:
            yield use.finding(f"is no feature that is known here; {_nearest(use.name)}", WARNING)
        else:
            yield from _known(use, entry, version)
    for tenant in tenants:
        yield from _both(tenant)


def _uses(settings: StackSettings | None, tenants: Sequence[Tenant]) -> Iterator[_Use]:
    if settings:
        yield from (_Use("", f"features.{name}", name) for name in settings.features)
        for key, group in settings.groups.items():
            yield from _listed("", f"groups.{key}.features", group.features)
        # What was not written is the document's own example, and nobody's mistake.
        written = settings.ui_features_per_role if "ui_features_per_role" in settings.model_fields_set else {}
        for role, shown in written.items():
            yield from (_Use("", f"uiFeaturesPerRole.{role}.{name}", name) for name in shown)
    for tenant in tenants:
        yield from _listed(tenant.name, "features", tenant.features)
        yield from _listed(tenant.name, "excludeFeatures", tenant.exclude_features)


def _once(uses: Iterable[_Use]) -> Iterator[Finding]:
    """A name stands once in a list."""
    seen = set[tuple[str, str, str]]()
    for use in uses:
        here = (use.tenant, use.key.partition("[")[0], use.name)
        if here in seen:
            yield use.finding("is in this list twice; keep one")
        seen.add(here)


def _listed(tenant: str, key: str, names: Iterable[str]) -> Iterator[_Use]:
    return (_Use(tenant, f"{key}[{index}]", name) for index, name in enumerate(names))


def _known(use: _Use, entry: CatalogueEntry, version: ServerVersion | None) -> Iterator[Finding]:
    if entry.deprecated:
        yield use.finding("is deprecated and has no effect: everybody has it; remove it", WARNING)
    if version and entry.since and version.is_surely_below(*entry.since):
        since = _shown(entry.since)
        yield use.finding(f"is there from apiserver {since} on, and {version.source}; remove it, or upgrade the server")
    if entry.undocumented and not (version and version.is_surely(*NEWEST)):
        text = (
            f"is known to newer servers only, of about {_shown(NEWEST)}; remove it, or set server.version if yours is"
        )
        yield use.finding(text, WARNING)


def _both(tenant: Tenant) -> Iterator[Finding]:
    granted = set(tenant.features)
    for use in _listed(tenant.name, "excludeFeatures", tenant.exclude_features):
        if use.name in granted:
            yield use.finding("is in features too; keep it in one of the two")


def _nearest(name: str) -> str:
    near = get_close_matches(name, CATALOGUE, n=1)
    return f"did you mean {near[0]!r}?" if near else "a newer server may have it; else remove it"


def _shown(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
