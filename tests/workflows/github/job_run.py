"""Runs the steps of one job as GitHub's runner does: variables, outputs, conditions, actions."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.workflows.github.evaluation import evaluate, fill, to_text, truth
from tests.workflows.github.expressions import Node, condition
from tests.workflows.github.model import Repository, Step
from tests.workflows.github.official_actions import OFFICIAL
from tests.workflows.github.site import Site
from tests.workflows.github.stand_ins import STAND_INS, ActionError, Surroundings

_HEREDOC = re.compile(r"^(?P<name>[\w-]+)<<(?P<end>.+)$")
# Inside an action neither a secret nor a variable of the settings can be read.
_IN_ACTION = frozenset({"github", "matrix", "env", "steps", "inputs"})


@dataclass
class StepRun:
    """What became of a step: what it was given beside what every step has, and what it printed."""

    task: str
    outcome: str
    env: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    log: str = ""


@dataclass
class JobRun:
    """One job on its own machine; `contexts` are those that an expression in a step can read."""

    site: Site
    repository: Repository
    folder: Path
    contexts: dict[str, Any]
    env: dict[str, str]
    runs: list[StepRun] = field(default_factory=list)
    failed: bool = False

    def __post_init__(self) -> None:
        for name in ("workspace", "temp", "home"):
            (self.folder / name).mkdir(parents=True)
        self._path = [str(self.site.bin), "/usr/local/bin", "/usr/bin", "/bin"]
        self.contexts["steps"] = {}

    @property
    def workspace(self) -> Path:
        """Where the repository is."""
        return self.folder / "workspace"

    def run(self, steps: list[Step]) -> None:
        """All steps, in their order, each if its condition holds."""
        for step in steps:
            self._step(step, self.contexts)

    def _step(self, step: Step, contexts: dict[str, Any], given: Mapping[str, str] | None = None) -> None:
        contexts["env"] = dict(self.env)
        if not truth(self._value(condition(step.data.get("if", True)), contexts)):
            self.runs.append(StepRun(step.task, "skipped"))
            self._keep(step, contexts, "skipped", {})
            return
        env = {name: to_text(self._filled(value, contexts)) for name, value in step.env.items()}
        contexts["env"].update(env)
        inputs = {name: to_text(self._filled(value, contexts)) for name, value in step.inputs.items()}
        run = StepRun(step.task, "success", {**(given or {}), **env}, inputs)
        self.runs.append(run)
        outputs: dict[str, str] = {}
        try:
            outputs = self._do(step, run, contexts)
        except ActionError as failure:
            run.outcome, run.log = "failure", f"{run.log}{failure}"
            self.failed = True
        self._keep(step, contexts, run.outcome, outputs)

    def _keep(self, step: Step, contexts: dict[str, Any], outcome: str, outputs: Mapping[str, str]) -> None:
        if "id" in step.data:
            contexts["steps"][step.data["id"]] = {"outcome": outcome, "conclusion": outcome, "outputs": dict(outputs)}

    def _do(self, step: Step, run: StepRun, contexts: dict[str, Any]) -> dict[str, str]:
        if "run" in step.data:
            return self._command(self._filled(step.data["run"], contexts), step.data.get("shell"), run)
        if step.action in self.repository.actions:
            self._local_action(step, run, contexts)
            return {}
        unknown = set(run.inputs) - set(OFFICIAL[step.action].inputs.split())
        if unknown:
            raise ActionError(f"{step.action} has no input {', '.join(sorted(unknown))}")
        here = Surroundings(self.site, self.workspace, contexts["github"], self._environment(run.env))
        # An input that is empty is one that is not given.
        STAND_INS[step.action]({name: value for name, value in run.inputs.items() if value}, here)
        return {}

    def _local_action(self, step: Step, run: StepRun, contexts: dict[str, Any]) -> None:
        known = self.repository.actions[step.action].get("inputs") or {}
        inputs = {name: run.inputs.get(name, to_text(one.get("default"))) for name, one in known.items()}
        inside = {name: value for name, value in contexts.items() if name in _IN_ACTION} | {
            "inputs": inputs,
            "steps": {},
        }
        before = self.failed
        for each in self.repository.steps_of_action(step.action):
            self._step(each, inside, run.env)
        if self.failed and not before:
            raise ActionError(f"{step.action} failed")

    def _command(self, script: str, shell: str | None, run: StepRun) -> dict[str, str]:
        files = {name: self.folder / "temp" / f"_{name}" for name in ("output", "env", "path")}
        for file in files.values():
            file.write_text("")
        (self.folder / "temp" / "_script.sh").write_text(script)
        start = ["bash", "-e"] if shell is None else ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
        done = subprocess.run(
            [*start, str(self.folder / "temp" / "_script.sh")],
            cwd=self.workspace,
            env=self._environment(run.env) | {f"GITHUB_{name.upper()}": str(file) for name, file in files.items()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        run.log = done.stdout
        self.env.update(entries_of(files["env"].read_text()))
        self._path[:0] = files["path"].read_text().splitlines()
        if done.returncode:
            raise ActionError(f"exit code {done.returncode}")
        return entries_of(files["output"].read_text())

    def _environment(self, own: Mapping[str, str]) -> dict[str, str]:
        """The job's variables, then those that steps before have set, then the step's own."""
        github = self.contexts["github"]
        base = {
            "PATH": os.pathsep.join(self._path),
            "HOME": str(self.folder / "home"),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_JOB": github["job"],
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_SHA": github["sha"],
            "RUNNER_TEMP": str(self.folder / "temp"),
        }
        return {**base, **self.env, **own}

    def _filled(self, value: Any, contexts: Mapping[str, Any]) -> Any:
        return fill(value, lambda node: self._value(node, contexts)) if isinstance(value, str) else value

    def _value(self, node: Node, contexts: Mapping[str, Any]) -> Any:
        functions: Mapping[str, Callable[..., Any]] = {
            "success": lambda: not self.failed,
            "failure": lambda: self.failed,
            "always": lambda: True,
            "cancelled": lambda: False,
            "hashFiles": self._hash,
        }
        return evaluate(node, contexts, functions)

    def _hash(self, *patterns: str) -> str:
        files = sorted(file for form in patterns for file in self.workspace.glob(f"{form}/*") if file.is_file())
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest() if files else ""


def entries_of(text: str) -> dict[str, str]:
    """What a step wrote into a file of outputs or variables."""
    entries, lines = dict[str, str](), iter(text.splitlines())
    for line in lines:
        found = _HEREDOC.match(line)
        if found:
            value = list(iter(lambda: next(lines), found["end"]))
            entries[found["name"]] = "\n".join(value)
        elif line:
            name, _, entries_value = line.partition("=")
            entries[name] = entries_value
    return entries
