"""`pulumi preview` with this project's policies; what runs them comes with the official Pulumi only."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pulumi.automation.events import EngineEvent

from operations.checkpoints import preview_variables
from operations.errors import OperationError
from operations.preview.engine_preview import EVENTS
from operations.preview.steps import Step, steps_of
from settings.loading.shell import require_shell

# The official language host starts a policy pack. Releases before 3.221 did so through a launcher of its own.
_HOST = "pulumi-language-python"
_FOLDER = "policy"
FAILURE = "stack {}: the preview failed or a policy is violated: it says above which and why"


_MANDATORY, _ADVISORY = "mandatory", "advisory"
# How the engine writes colours into a message.
_COLOUR = re.compile(r"<\{%.*?%\}>")


@dataclass(frozen=True)
class Outcome:
    """What the engine printed, whether nothing failed and no policy is violated; then its steps, if it told them.

    Of a preview that is not `right` the steps are those until it ended. `violations` are of policies that stop a run,
    `advice` of those that do not.
    """

    text: str
    right: bool
    steps: tuple[Step, ...] | None = None
    violations: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


def preview(root: Path, stack: str) -> None:
    """The engine's own preview on the terminal.

    Raises OperationError if it fails or a policy is violated, ConfigurationError in a shell set to another stack.
    """
    variables = preview_variables(os.environ)
    done = subprocess.run(_command(stack), cwd=root, env=variables, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise OperationError(FAILURE.format(stack))


def recorded_preview(root: Path, stack: str, hidden: Collection[str]) -> Outcome:
    """The same with every difference, for a comment; the engine and what it starts get no variable of `hidden`.

    Raises OperationError if it cannot be started, ConfigurationError in a shell set to another stack.
    """
    command = (*_command(stack), "--diff", "--suppress-outputs", "--color", "never")
    variables = {name: value for name, value in os.environ.items() if name not in hidden}
    with TemporaryDirectory(prefix="clearml-tenants-") as folder:
        events = Path(folder) / "events"
        done = subprocess.run(
            (*command, "--event-log", str(events)),
            cwd=root,
            env={**preview_variables(variables), **EVENTS},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace")
        return outcome_of(text, events.read_bytes() if events.exists() else b"", right=done.returncode == 0)


def outcome_of(text: str, events: bytes, *, right: bool) -> Outcome:
    """The outcome of a preview that printed `text` and wrote `events`, a line each; an engine that was ended may have
    written half of the last."""
    told = []
    for line in events.decode("utf-8", "replace").splitlines():
        try:
            told.append(EngineEvent.from_json(json.loads(line)))
        except ValueError:
            break
    steps = steps_of(told) if told else None
    return Outcome(text, right, steps, _violations(told, _MANDATORY), _violations(told, _ADVISORY))


def _violations(events: Iterable[EngineEvent], level: str) -> tuple[str, ...]:
    """Each once: the policy, and what it says, on one line."""
    found = (each.policy_event for each in events if each.policy_event)
    chosen = (each for each in found if str(each.enforcement_level).lower() == level)
    lines = (f"policy {each.policy_name}: {_COLOUR.sub('', each.message)}" for each in chosen)
    return tuple(dict.fromkeys(" ".join(line.split()) for line in lines))


def _command(stack: str) -> tuple[str, ...]:
    require_shell(stack.rpartition("/")[2], os.environ)
    engine = shutil.which("pulumi")
    if not engine or not _has_host(Path(engine)):
        raise OperationError(
            f"{_HOST if engine else 'pulumi'}: not on PATH, nor beside the engine: policies run where the official "
            "Pulumi is installed, which has it"
        )
    return ("pulumi", "preview", "--stack", stack, "--policy-pack", _FOLDER, "--non-interactive")


def _has_host(engine: Path) -> bool:
    """On PATH or beside the engine itself, which may be behind a link: the two places where the engine looks."""
    beside = engine.resolve().with_name(_HOST)
    return shutil.which(_HOST) is not None or os.access(beside, os.X_OK)
