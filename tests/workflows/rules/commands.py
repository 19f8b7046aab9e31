"""What a make target reads, derived from the Makefile and from the commands that it starts."""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass
from functools import cache

import rehearsal.__main__
from operations import __main__ as operations
from operations.github import newest, shard_summary, workflow

# Those that run without any package.
_ALONE = {"operations.github.newest": newest.VARIABLES, "operations.github.shard_summary": shard_summary.VARIABLES}
# A runner sets these for every step.
_RUNNERS_OWN = re.compile(r"(GITHUB|RUNNER)_\w+")


@dataclass(frozen=True)
class Reads:
    """The variables that a command cannot do without, and those that it takes if they are there."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Both."""
        return self.required | self.optional


@cache
def targets(makefile: str) -> dict[str, str]:
    """Each target's recipe, prerequisites in its first line."""
    found: dict[str, str] = {}
    for rule in re.finditer(r"^(?P<names>[a-z][a-z -]*):(?P<rest>.*\n(?:\t.*\n?)*)", makefile, re.MULTILINE):
        found.update({name: rule["rest"].replace("$@", name) for name in rule["names"].split()})
    return found


@cache
def reads_of(target: str, makefile: str) -> Reads:
    """What the target takes from a step's variables."""
    recipe = targets(makefile)[target]
    own = frozenset(re.findall(r"^([A-Z]+) \??=", makefile, re.MULTILINE))
    named = frozenset(re.findall(r"\$\$?[({]([A-Z_]+)\b|\$\$([A-Z_]+)\b", recipe))
    optional = {name for pair in named for name in pair if name} - own
    command = re.search(r"-m (?P<module>\$\(if \$\(value STACK\),operations,local\)|[\w.]+) ?(?P<name>[a-z]*)", recipe)
    known = Reads()
    if command and "operations" in command["module"]:
        alone = _ALONE.get(command["module"])
        known = Reads(frozenset((*alone, *workflow.GH))) if alone else _of_operations(command["name"])
    elif command and command["module"] == "rehearsal":
        known = _of_rehearsal()
    return Reads(known.required, (known.optional | optional) - known.required)


@cache
def outputs_of(target: str) -> frozenset[str]:
    """The outputs that its command sets, by its source."""
    step = workflow.STEPS.get(target)
    names = set(step.run.__code__.co_consts) if step and "output" in step.run.__code__.co_names else set()
    return frozenset(name for name in names if isinstance(name, str) and re.fullmatch("[a-z]+", name))


def _of_rehearsal() -> Reads:
    options = rehearsal.__main__.rehearse.params
    required = frozenset(str(option.envvar) for option in options if option.required)
    return Reads(required, frozenset(str(option.envvar) for option in options) - required)


@cache
def _of_operations(command: str) -> Reads:
    step = workflow.STEPS.get(command)
    if step:
        names = (
            frozenset(name for name in group if not _RUNNERS_OWN.fullmatch(name))
            for group in (step.reads, step.may_read)
        )
        return Reads(*names)
    if command not in ("heal", "status", "policy", "compare", "preview"):
        return Reads()
    taken = {str(option.envvar) for option in operations.commands.commands[command].params}
    # Whoever names no stack is told so.
    required = frozenset({"STACK"}) & taken
    return Reads(required, (_of_engine(command) | taken) - required)


def _of_engine(command: str) -> frozenset[str]:
    """What `pulumi` reads, if a function that the command calls is of a module that starts it, or has it started."""
    run = operations.commands.commands[command].callback
    assert run
    called = (getattr(operations, name, None) for name in inspect.unwrap(run).__code__.co_names)
    modules = {sys.modules[function.__module__] for function in called if hasattr(function, "__module__")}
    modules |= {sys.modules[each.__module__] for module in modules for each in vars(module).values() if _is_ours(each)}
    starts = any(hasattr(module, "EngineStack") or module.__name__.endswith("_preview") for module in modules)
    return frozenset(workflow.ENGINE) if starts else frozenset()


def _is_ours(value: object) -> bool:
    return inspect.isfunction(value) and value.__module__.startswith("operations.")
