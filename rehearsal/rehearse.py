"""One rehearsal from its beginning to its end: copies, a cluster of its own, `up` as it was, a preview as it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from local import cluster, kubelet
from local.checkout import STACK, Checkout
from local.cluster.ports import free_ports
from local.engine.policies import violations_of
from local.environment import alone, ready
from local.errors import Cause
from local.progress import note, step
from operations.files.changes import Changes, changes_between
from operations.files.snapshot import snapshot_of
from operations.preview.plan import Plan, plan_of
from operations.preview.restarts.rendering import refused_values, rendering, restarts_in
from operations.preview.tenant_changes.effective_features import effective_changes
from rehearsal import chart_repository, contexts, stand_in_stack
from rehearsal.copies import base_of, copy_of_commit, copy_of_files, names_clusters
from rehearsal.dry_run import dry_run
from rehearsal.faulty import without_faults
from rehearsal.own_addresses import renamed, renamed_text
from rehearsal.queue_pods import queue_pods
from rehearsal.refusals import preview_without_refused
from rehearsal.refused_removals import refused_companies, refused_moves, refused_removals, unprotected
from rehearsal.scope import fold, scope_of, with_untouched
from rehearsal.stand_in_stack import CHARTS
from rehearsal.unknown_values import counted, unjudged_lines, unknown_lines
from settings.errors import ConfigurationError
from settings.facts import stack_file_of
from settings.loading.load import load
from settings.loading.yaml_file import read_mapping
from settings.shards import Part, part_of, tenant_files

_CHARTS = Path("local") / "charts"


def rehearse(root: Path, stack: str, base: str) -> Plan:
    """What the files in `root` would change of `stack` as it was at the commit `base` (empty: where main was left).

    An environment with shards is tried as one stack; `stack` may be a shard's, whose tenants are all tried then.
    Raises LocalError where this machine is at fault; what is wrong with the files is in the plan.
    """
    part, commit = part_of(root, stack), base_of(root, base)
    with _environment(root, stack, part.environment) as checkout:
        before, after = checkout.data / "base", checkout.data / "present"
        copy_of_commit(root, commit, before)
        copy_of_files(root, after)
        return replace(_rehearsed(checkout, before, after, part), stack=stack)


def _rehearsed(checkout: Checkout, before: Path, after: Path, part: Part) -> Plan:
    stack = part.environment
    # Before anything in the copies is replaced.
    files = changes_between(snapshot_of(before, stack), snapshot_of(after, stack))
    faults = without_faults(after, before, stack)
    try:
        present = load(after, stack)
        # The copies get values in the place of secrets; other placeholders stop the program, which names them.
        warnings = [str(each) for each in present.warnings if each not in present.placeholders]
    except ConfigurationError:
        return plan_of(stack, (), faults=map(str, faults), files=files)
    effective = list(effective_changes(before, replace(present, tenants=present.everybody)))
    scope, moved = scope_of(before, after, part, files), refused_moves(before, after, stack)
    if scope.summary:
        note(f"{stack}: {scope.summary}")
    fold(before, after, stack, scope.tried)
    removed = refused_removals(before, after, stack)
    for each in removed:
        _rewritten(before / each.where.file, unprotected)
    refused = [*moved, *removed, *refused_companies(before, after, stack)]
    plan = _compared(checkout, before, after, {fault.where.tenant for fault in faults}, files)
    told = (*map(str, refused), *plan.faults)
    return replace(
        plan,
        faults=(*map(str, faults), *(renamed_text(each, scope.files) for each in told)),
        warnings=(*scope.warnings, *warnings, *plan.warnings),
        features=(*plan.features, *effective),
        tenants=tuple(with_untouched(plan, scope)),
        untried=scope.untried if plan.tenants else 0,
    )


def _compared(checkout: Checkout, before: Path, after: Path, invalid: Collection[str], changes: Changes) -> Plan:
    stack, charts = checkout.stack, checkout.data / "charts"
    with chart_repository.serving(charts) as address:
        # The name is the provider's: both have it or neither, or all in that cluster would seem to move.
        named = names_clusters(before) and names_clusters(after)
        files = [file for copy in (before, after) for file in _made_local(copy, stack, address, named=named)]
        chart_repository.fill(charts, checkout.root / _CHARTS, stand_in_stack.versions_of(*files))
        ready(checkout)
        contexts.add(checkout.kubeconfig, stand_in_stack.contexts_of(*files))
        if (before / stack_file_of(stack)).is_file():
            with step(stack, "deploying it as it was", estimate=60):
                errors = _run("up", checkout, before)["errors"]
            if errors:
                why = "as it was, the stack cannot be deployed, so nothing can be compared with it"
                return plan_of(stack, (), faults=[f"{why}: {error['text']}" for error in errors], files=changes)
        with step(stack, "previewing it as it is", estimate=20):
            told = preview_without_refused(partial(_run, "preview", checkout, after), before, after, stack)
        steps = told.steps
        schemas = {name: chart_repository.schema_of(checkout.root / _CHARTS / name) for name in CHARTS.values()}
        path = checkout.variables()["PATH"]
        renders = [counted(rendering(copy, path=path), schemas) for copy in (before, after)]
        restarts = restarts_in(steps, *renders)
        charts_refuse = list(refused_values(steps, *renders))
        refused, doubted = dry_run(checkout.kubeconfig, list(queue_pods(steps)))
    faults = [*told.refusals, *(f"policy {line}" for line in violations_of(steps)), *refused]
    warnings = [*doubted, *charts_refuse, *unknown_lines(steps, schemas), *unjudged_lines(steps, schemas)]
    invalid = invalid if steps else ()
    names = {address: "the stand-in charts", checkout.api_url: "the stand-in API"}
    steps, faults = tuple(renamed(each, names) for each in steps), [renamed_text(each, names) for each in faults]
    plan = plan_of(stack, steps, faults=faults, invalid=invalid, refused=told.tenants, restarts=restarts, files=changes)
    return replace(plan, warnings=(*warnings, *plan.warnings))


@contextmanager
def _environment(root: Path, asked: str, stack: str) -> Iterator[Checkout]:
    """A place, called as what was `asked` for, and ports of its own; `stack` is run there.

    What a killed rehearsal left there goes first, and all of it afterwards.
    """
    (api_port,) = free_ports(1)
    checkout = Checkout(root, root / ".rehearsal" / asked, api_port, None, stack)
    with alone(checkout):
        _clear(checkout)
        try:
            yield checkout
        finally:
            kubelet.stop(checkout)
            cluster.stop(checkout)
    shutil.rmtree(checkout.data)


def _clear(checkout: Checkout) -> None:
    """Everything but the files that say whose folder this is and who is at work in it."""
    kubelet.stop(checkout)
    cluster.stop(checkout)
    for name in ("base", "present", "charts"):
        shutil.rmtree(checkout.data / name, ignore_errors=True)
    shutil.rmtree(checkout.state, ignore_errors=True)
    checkout.state.mkdir()
    checkout.api_database.unlink(missing_ok=True)


def _made_local(copy: Path, stack: str, repository: str, *, named: bool) -> Iterator[Mapping[str, Any]]:
    """Rewrite the copy's files for this machine; returns what is in them now. A stack that is not there yet has none.

    Every tenant's file was read before, or is the program's to complain of.
    """
    path = copy / stack_file_of(stack)
    if not path.is_file():
        return
    local = yaml.safe_load((copy / stack_file_of(STACK)).read_text())
    yield _rewritten(path, lambda content: stand_in_stack.stand_in(content, local, repository, named=named))
    for _, tenant in tenant_files(copy, stack):
        try:
            yield _rewritten(tenant, partial(stand_in_stack.stand_in_tenant, named=named))
        except ConfigurationError:
            continue


def _rewritten(path: Path, change: Any) -> Mapping[str, Any]:  # noqa: ANN401
    content = read_mapping(path, path.name)
    changed: Mapping[str, Any] = change(content)
    if changed != content:
        path.write_text(yaml.safe_dump(changed, sort_keys=False, allow_unicode=True))
    return changed


def _run(operation: str, checkout: Checkout, copy: Path) -> dict[str, Any]:
    """What `program` wrote; its own output goes to a log beside the state."""
    written = checkout.run / f"{operation}.json"
    written.unlink(missing_ok=True)
    arguments = [operation, checkout.stack, str(copy), str(checkout.data), str(checkout.api_port), str(written)]
    with (checkout.run / f"{operation}.log").open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-m", "rehearsal.program", *arguments],
            cwd=checkout.root,
            env={**os.environ, **checkout.variables()},
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if not written.exists():
        said = (checkout.run / f"{operation}.log").read_text(errors="replace").strip().splitlines()
        text = f"the program ended with {done.returncode}: {said[-1] if said else ''}"
        return {"errors": [asdict(Cause(text))], "steps": []}
    found: dict[str, Any] = json.loads(written.read_text())
    return found
