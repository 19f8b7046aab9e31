"""What of a preview a reviewer must not overlook."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from operations.preview.restarts.release_restarts import Restarts
from operations.preview.steps import Step
from operations.preview.tenant_changes.rule_changes import Declared, renamed
from settings.listing import listing
from settings.types.naming import AGENT, GATEWAY, TENANT

# What each is, and what its removal means to people.
_WORKERS = {AGENT: ("agent", "its tasks end"), GATEWAY: ("gateway", "sessions behind it are no longer reached by it")}


def warnings_of(
    steps: Sequence[Step], before: Declared, after: Declared, restarts: Mapping[str, Restarts]
) -> Iterator[str]:
    """One line each, the worst first; `restarts` of the changed releases, by URN."""
    removed = {step.tenant for step in steps if step.token == TENANT and step.operation == "delete"}
    staying = [step for step in steps if step.tenant not in removed]
    yield from _companies(staying)
    yield from _removed(removed, before, after, set(deleted_companies(steps)))
    yield from _replaced(staying)
    yield from _one_host(staying)
    yield from _charts(staying, restarts)
    yield from _unprotected(before, after)


def _companies(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        if step.kind == "Company" and step.operation in ("delete", "replace"):
            yield f"{step.tenant}: its company would be given up ({step.operation}); do not merge this"


def deleted_companies(steps: Iterable[Step]) -> Iterator[str]:
    """Names of the tenants that go and whose files said `onRemove: delete`."""
    for step in steps:
        if step.kind == "Company" and step.operation == "delete" and step.old.get("on_remove") == "delete":
            yield step.tenant


def _removed(removed: Iterable[str], before: Declared, after: Declared, deleted: Container[str]) -> Iterator[str]:
    called = {old: new for new, old in renamed(before, after).items()}
    for name in sorted(removed):
        if name in called:
            yield f"{name} becomes {called[name]}: tasks in its namespace end; company, users and sign-in rules stay"
        else:
            company = (
                "its company is deleted where the server offers that" if name in deleted else "company and data stay"
            )
            yield f"{name} is removed: its keys, sign-in rules, releases and namespace go, {company}"


def _replaced(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        whose = step.tenant or "server"
        if step.kind == "Namespace" and step.operation in ("delete", "replace"):
            yield f"{whose}: namespace {step.name} is made anew; everything in it is lost"
        if step.kind == "Release" and step.operation == "replace":
            yield f"{whose}: release {step.name} is uninstalled and installed anew"
        if step.token in _WORKERS and step.operation == "delete":
            worker, consequence = _WORKERS[step.token]
            yield f"{whose}: {worker} {step.name} is removed; {consequence}"


def _one_host(steps: Sequence[Step]) -> Iterator[str]:
    """A gateway that is called otherwise: the new one is made before the old one goes."""
    releases = [step for step in steps if step.kind == "Release"]
    old = {_host(step.old): step.name for step in releases if step.operation == "delete"}
    for step in releases:
        host = _host(step.new)
        if step.operation == "create" and host and host in old:
            text = f"{step.name} is made at {host} before {old[host]} goes from there, which an ingress controller may"
            yield f"{step.tenant}: {text} refuse; take the old one out in a run of its own"


def _host(inputs: Mapping[str, Any]) -> str:
    values = inputs.get("values")
    ingress = values.get("ingress") if isinstance(values, Mapping) else None
    return str(ingress.get("hostName") or "") if isinstance(ingress, Mapping) else ""


def _charts(steps: Iterable[Step], restarts: Mapping[str, Restarts]) -> Iterator[str]:
    """Another version of a chart, with all that get it; any other change of the server."""
    moved: dict[tuple[str, str, str], list[str]] = {}
    for step in steps:
        if step.kind != "Release" or step.operation not in ("update", "replace"):
            continue
        chart, old, new = str(step.new.get("chart", "")), str(step.old.get("version")), str(step.new.get("version"))
        if old != new and step.new.get("version"):
            moved.setdefault((chart.rpartition("/")[2], old, new), []).append(step.name)
        if not step.tenant and step.operation == "update":
            told = str(restarts[step.urn]).removeprefix("restarts ")
            yield f"server: {step.name} changes; what restarts, for every tenant: {told}"
    for (chart, old, new), releases in sorted(moved.items()):
        yield f"chart {chart} goes from {old} to {new} for {listing(sorted(releases))}"


def _unprotected(before: Declared, after: Declared) -> Iterator[str]:
    for admin in sorted(before.keys() & after.keys()):
        if before[admin].get("protect") and not after[admin].get("protect"):
            yield f"{after[admin]['tenant']}: protection is taken off, so that the tenant can be removed"
