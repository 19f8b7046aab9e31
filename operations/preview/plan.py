"""What would happen, tenant by tenant: the decision, as values; `operations.preview.comment` tells it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from operations.files.changes import NO_CHANGES, Changes
from operations.files.trust import trust_lines
from operations.preview.difference import Difference, difference_of
from operations.preview.restarts.release_restarts import Restarts, changed_releases, tenant_lines, unseen
from operations.preview.steps import Step
from operations.preview.tenant_changes.feature_changes import feature_changes
from operations.preview.tenant_changes.revocations import revocation_lines
from operations.preview.tenant_changes.rotation import Rotation, only_its_keys_differ, rotations_of
from operations.preview.tenant_changes.rule_changes import Declared, renamed, rule_changes
from operations.preview.warnings import deleted_companies, warnings_of
from settings.types.naming import TENANT

Happening = Literal["invalid", "refused", "created", "removed", "renamed", "rotated", "changed", "untouched"]
_RULES = frozenset({"Domains", "WhitelistEntries"})
# What is inside of something that is named anyway.
_INNER = frozenset({"Secret", "Agent", "Gateway", "Tenant", "Departures", "GroupIds"})


@dataclass(frozen=True)
class TenantPlan:
    """`happens` in one or two words, `parts` what of the tenant that concerns."""

    name: str
    happens: tuple[Happening, ...]
    parts: tuple[str, ...] = ()

    @property
    def untouched(self) -> bool:
        return self.happens == ("untouched",)


@dataclass(frozen=True)
class Plan:
    """All that a reviewer is told of one stack; every line is one thing, in the order of its tenants."""

    stack: str
    tenants: tuple[TenantPlan, ...]
    server: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    restarts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    files: Changes = NO_CHANGES
    faults: tuple[str, ...] = ()
    """What is wrong with the files, or why the engine could not tell more."""
    untried: int = 0
    """How many tenants there are beside `tenants`, of which nothing is known: a rehearsal leaves most of many out."""


def plan_of(
    stack: str,
    steps: Sequence[Step],
    *,
    faults: Iterable[str] = (),
    warnings: Iterable[str] = (),
    invalid: Collection[str] = (),
    refused: Collection[str] = (),
    restarts: Mapping[str, Restarts] | None = None,
    files: Changes = NO_CHANGES,
    keys: Mapping[str, str] | None = None,
) -> Plan:
    """The plan of a preview; `faults` and `warnings` are what the configuration's own checks said.

    `invalid` are the tenants whose files are not valid, `refused` those of which a preview refuses something: they were
    previewed as they are without the change.
    `restarts`, by URN, are those of the changed releases; of one that is not there nothing can be seen. `files` is what
    differs in the files themselves, of which the engine may see nothing. `keys`, by access key, is what is known of
    those that are to be revoked.
    """
    before, after = _declared(steps)
    names = sorted({step.tenant for step in steps if step.token == TENANT})
    called = renamed(before, after)
    told = {step.urn: (restarts or {}).get(step.urn) or unseen(step) for step in changed_releases(steps)}
    features = {step.tenant: feature_changes(step.old, step.new) for step in steps if _declares_features(step)}
    why: dict[str, Happening] = {**dict.fromkeys(refused, "refused"), **dict.fromkeys(invalid, "invalid")}
    return Plan(
        stack,
        tuple(
            _unedited(name, why[name]) if name in why else _tenant(name, _of(name, steps), called)
            for name in sorted({*names, *why})
        ),
        server=tuple(_of_all(steps)),
        rules=tuple(rule_changes(before, after)),
        features=tuple(f"{name}: {line}" for name in names for line in features.get(name, [])),
        restarts=tuple(tenant_lines(told[step.urn] for step in changed_releases(steps) if step.tenant)),
        warnings=(
            *trust_lines(files.files, files.base_domain),
            *warnings,
            *revocation_lines(steps, keys or {}),
            *warnings_of(steps, before, after, told),
        ),
        differences=tuple(_differences(steps)),
        files=files,
        faults=tuple(faults),
    )


def _of(name: str, steps: Iterable[Step]) -> list[Step]:
    return [step for step in steps if step.tenant == name]


def _unedited(name: str, why: Happening) -> TenantPlan:
    return TenantPlan(name, (why,), ("everything else is told as if its file had not been edited",))


def _declares_features(step: Step) -> bool:
    return step.kind == "Features" and step.operation != "delete"


def _declared(steps: Iterable[Step]) -> tuple[Declared, Declared]:
    """The rules of all tenants before and after."""
    for step in steps:
        if step.kind == "Departures":
            return step.old.get("tenants") or {}, step.new.get("tenants") or {}
    return {}, {}


def _tenant(name: str, steps: Sequence[Step], called: Mapping[str, str]) -> TenantPlan:
    (component,) = [step for step in steps if step.token == TENANT]
    if name in called:
        return TenantPlan(name, ("renamed",), (f"was {called[name]}", "same company", "new namespace, releases, keys"))
    if component.operation == "delete":
        new = next((new for new, old in called.items() if old == name), None)
        return TenantPlan(name, ("removed",), (f"is called {new} now",) if new else (_fate(steps),))
    if component.operation == "create":
        return TenantPlan(name, ("created",), tuple(sorted(_parts(name, steps, ()))))
    rotations = rotations_of(steps)
    parts = sorted(_parts(name, steps, rotations))
    happens: list[Happening] = []
    if rotations:
        happens.append("rotated")
    if parts:
        happens.append("changed")
    return TenantPlan(name, tuple(happens) or ("untouched",), (*map(str, rotations), *parts))


def _fate(steps: Sequence[Step]) -> str:
    return "its company is deleted" if [*deleted_companies(steps)] else "its company and data stay"


def _parts(name: str, steps: Iterable[Step], rotations: Sequence[Rotation]) -> Iterator[str]:
    """What of the tenant changes, each once, without what a rotation brings along."""
    parts: set[str] = set()
    for step in steps:
        if step.operation == "same" or step.kind in _INNER:
            continue
        part = _part(name, step)
        expected = any(rotation.brings(step) for rotation in rotations) and only_its_keys_differ(step)
        if expected or part in parts:
            continue
        parts.add(part)
        yield part


def _part(name: str, step: Step) -> str:
    """Like `agent release`, `sign-in rules`, `company`."""
    if step.kind in _RULES:
        return "sign-in rules"
    own = step.name.removeprefix(f"{name}-")
    words = {
        "Release": f"{own} release",
        "Credentials": f"{own.rpartition('-')[0]} key",
        "SurplusKeys": f"surplus {own.removesuffix('-surplus')} key",
        "AdminUser": "admin",
        "AppAccess": "who sees applications",
        "KeyRevocations": "keys made by hand",
        "ServiceAccount": "service account",
        "Sso": "identity provider",
    }
    return words.get(step.kind, step.kind[0].lower() + step.kind[1:])


def _of_all(steps: Iterable[Step]) -> Iterator[str]:
    """What changes that belongs to no tenant."""
    for step in steps:
        custom = ":" in step.token and not step.token.startswith(("pulumi:", "clearml:"))
        if not step.tenant and custom and step.operation != "same" and step.kind not in _INNER:
            yield f"{step.kind} {step.name}: {step.operation}"


def _differences(steps: Iterable[Step]) -> Iterator[Difference]:
    """Changes first, then what is new; what is removed needs no reading."""
    wanted = {"update": 0, "replace": 0, "create": 1}
    looked_at = [step for step in steps if step.operation in wanted]
    for step in sorted(looked_at, key=lambda step: (wanted[step.operation], step.tenant, step.name)):
        found = difference_of(step)
        if found:
            yield found
