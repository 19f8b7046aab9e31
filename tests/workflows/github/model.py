"""The workflows and local actions of a folder, as GitHub reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.workflows.github.expressions import Node, condition, inside, parse

ROOT = Path(__file__).resolve().parents[3]
Data = Mapping[str, Any]
_LOCAL_ACTION = "./.github/actions/"
_LOCAL_WORKFLOW = "./.github/workflows/"


class _Loader(yaml.SafeLoader):
    """YAML 1.2, as GitHub has it: `on`, `yes` and `no` are words, and a key that stands twice is a mistake."""


_Loader.yaml_implicit_resolvers = {
    letter: [
        (tag, form) for tag, form in resolvers if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise yaml.constructor.ConstructorError(None, None, f"{sorted(twice)} stands twice", node.start_mark)
    loader.flatten_mapping(node)
    return {
        str(key): loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)
    }


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(text: str) -> dict[str, Any]:
    """A workflow's or an action's content."""
    content: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    return content


@dataclass(frozen=True)
class Step:
    """One step of a job or of a local action; `number` counts from 1."""

    owner: str
    number: int
    data: Data

    @cached_property
    def task(self) -> str:
        """What it does, in a word: a make target, an action's name, or what the engine is asked for."""
        run, uses = self.data.get("run"), self.data.get("uses", "")
        if run is not None:
            return re.sub(r"^make (?=[a-z-]+$)", "", run)
        name: str = uses.partition("@")[0].rpartition("/")[2]
        if uses.startswith("pulumi/actions@"):
            return str(self.inputs.get("command", "install-pulumi"))
        return name

    @property
    def target(self) -> str | None:
        """The make target that it runs."""
        found = re.fullmatch(r"make ([a-z-]+)", self.data.get("run", ""))
        return found[1] if found else None

    @property
    def inputs(self) -> Data:
        """What it gives to an action."""
        return self.data.get("with") or {}

    @property
    def env(self) -> Data:
        """Its own variables."""
        return self.data.get("env") or {}

    @cached_property
    def action(self) -> str:
        """The name of the action used, without a version; a local action's is its folder's. Empty for a command."""
        return str(self.data.get("uses", "")).partition("@")[0].removeprefix(_LOCAL_ACTION)

    @property
    def runs_engine(self) -> bool:
        """Whether it is Pulumi's own action with a command."""
        return self.action == "pulumi/actions" and "command" in self.inputs

    def __str__(self) -> str:
        return f"{self.owner} step {self.number} ({self.task})"


@dataclass(frozen=True)
class Job:
    """A job of the workflow in the file `workflow`.yml."""

    workflow: str
    name: str
    data: Data

    @cached_property
    def steps(self) -> list[Step]:
        """In their order; none for a job that calls a workflow."""
        return [Step(str(self), number, step) for number, step in enumerate(self.data.get("steps") or [], 1)]

    @property
    def called(self) -> str | None:
        """The local workflow that it calls."""
        uses: str | None = self.data.get("uses")
        return uses.removeprefix(_LOCAL_WORKFLOW).removesuffix(".yml") if uses else None

    @property
    def env(self) -> Data:
        """Variables of all of its steps."""
        return self.data.get("env") or {}

    @property
    def needs(self) -> list[str]:
        """The jobs before it."""
        needs = self.data.get("needs") or []
        return [needs] if isinstance(needs, str) else list(needs)

    @property
    def permissions(self) -> Any:
        """None where it does not say."""
        return self.data.get("permissions")

    def __str__(self) -> str:
        return f"{self.workflow}/{self.name}"


@dataclass(frozen=True)
class Repository:
    """Every workflow and local action by its name, and the Makefile's text."""

    workflows: Mapping[str, Data]
    actions: Mapping[str, Data]
    makefile: str

    @classmethod
    def of(cls, github: Path, makefile: Path) -> Repository:
        """Read the folder `.github`."""
        files = {file.stem: read_yaml(file.read_text()) for file in sorted((github / "workflows").glob("*.y*ml"))}
        actions = {file.parent.name: read_yaml(file.read_text()) for file in (github / "actions").rglob("action.y*ml")}
        return cls(files, actions, makefile.read_text())

    @classmethod
    def own(cls) -> Repository:
        """This repository's."""
        return cls.of(ROOT / ".github", ROOT / "Makefile")

    @cached_property
    def jobs(self) -> list[Job]:
        """Of all workflows."""
        return [Job(file, name, job) for file, data in self.workflows.items() for name, job in data["jobs"].items()]

    def job(self, name: str) -> Job:
        """By `workflow/job`."""
        return next(job for job in self.jobs if str(job) == name)

    def events(self, workflow: str) -> Mapping[str, Any]:
        """What starts it, with its filters."""
        on = self.workflows[workflow]["on"]
        if isinstance(on, Mapping):
            return on
        return dict.fromkeys([on] if isinstance(on, str) else on)

    def callers(self, workflow: str) -> list[Job]:
        """The jobs that call it."""
        return [job for job in self.jobs if job.called == workflow]

    def steps_of_action(self, action: str) -> list[Step]:
        """In their order."""
        return [Step(action, number, step) for number, step in enumerate(self.actions[action]["runs"]["steps"], 1)]

    def steps(self) -> Iterator[tuple[Step, Job | None]]:
        """Every step, with its job or, of a local action, None."""
        for job in self.jobs:
            yield from ((step, job) for step in job.steps)
        for action in self.actions:
            yield from ((step, None) for step in self.steps_of_action(action))


def expressions_of(data: Any, key: str = "") -> Iterator[Node]:
    """Every expression in a piece of a workflow, those of `if:` too."""
    if key == "if":
        yield condition(data)
    elif isinstance(data, str):
        yield from map(parse, inside(data))
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from expressions_of(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from expressions_of(value)
