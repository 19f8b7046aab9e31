"""The plan of a preview of a real stack: what the engine says, what restarts, what people can use in the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.files.earlier import files_at
from operations.health.key_facts import key_facts
from operations.preview.plan import Plan, plan_of
from operations.preview.restarts.release_restarts import Restarts, changed_releases
from operations.preview.restarts.rendering import Login, refused_values, rendering, restarts_in
from operations.preview.steps import Step
from operations.preview.tenant_changes.effective_features import effective_changes
from operations.preview.tenant_changes.revocations import revocations_of
from settings.loading.chart_login import login_of
from settings.loading.load import Environment


def plan_of_stack(
    root: Path,
    stack: str,
    environment: Environment,
    steps: Sequence[Step],
    commit: str,
    *,
    hidden: Collection[str] = (),
) -> tuple[Plan, Mapping[str, Restarts]]:
    """The plan, and what each changed release restarts, by URN; `commit` has the files of before, if it is known.

    The engine gets no variable of `hidden`.
    """
    engine = EngineStack(root, stack, without=tuple(hidden))
    render = rendering(root, login=_login(engine, environment) if _asks_for_login(steps) else None)
    restarts = restarts_in(steps, render, render)
    # A release that was rendered renders both its sides.
    doubted = [step for step in changed_releases(steps) if restarts[step.urn].unseen]
    warnings = (*map(str, environment.warnings), *refused_values(doubted, render, render))
    keys = key_facts(environment, engine, revocations_of(steps))
    plan = plan_of(environment.part.stack, steps, warnings=warnings, restarts=restarts, keys=keys)
    return replace(plan, features=(*plan.features, *effective_since(root, environment, commit))), restarts


def effective_since(root: Path, environment: Environment, commit: str) -> Iterator[str]:
    """What people can use in the end, where that is another than with the files of `commit`."""
    if not commit:
        yield "effective: not compared, as there is no commit to compare with"
        return
    try:
        with files_at(root, commit, environment.name) as before:
            yield from effective_changes(before, environment)
    except OperationError as error:
        yield f"effective: not compared: {error}"


def _asks_for_login(steps: Sequence[Step]) -> bool:
    return any((step.new.get("repositoryOpts") or {}).get("username") for step in changed_releases(steps))


def _login(engine: EngineStack, environment: Environment) -> Login | None:
    """None where nobody may read the stack's secrets: then nothing is known of what those charts make."""
    login = login_of(environment.stack.charts, environment.secrets)
    if login is None:
        return None
    try:
        return Login(login.host, engine.setting(login.secret))
    except OperationError:
        return None
