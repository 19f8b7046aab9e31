"""Which stacks a change touches, so that the others need not be run. Files and git are read here, nothing is run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from operations.errors import OperationError
from operations.files.references import path_references
from settings.facts import stack_file_of

# The laptop's stack is nobody's service.
OWN = "local"
_FILES = re.compile(r"config/(?:Pulumi\.(?P<stack>[^/]+)\.yaml|tenants/(?P<tenants>[^/]+)/.+)")
# What every stack is made of, and what a deploy runs: its steps, its policies, how its packages are installed. The rest
# of `local/`, `rehearsal/`, `tests/`, `docs/` and the other workflows is not there in a deploy.
_PROGRAM = re.compile(
    r"config/(?!schema/).+|(?:components|settings|operations|policy|rendering)/.+|__main__\.py|Pulumi\.yaml|requirements\.(?:in|txt)"
    r"|Makefile|local/bootstrap\.py|\.github/(?:actions/.+|workflows/deploy[^/]*\.yml)"
)


# By a stack's name, the files and folders that its file names, relative to the project.
Named = Mapping[str, Collection[str]]


def affected(changed: Iterable[str], stacks: Sequence[str], named: Named) -> list[str]:
    """Those of `stacks`, which are environments, in their order, that a change of these files touches.

    Paths are relative to the project.
    A chart's file, or an authority's, touches the stacks that name it. Whatever else lies below `config/` touches all.
    """
    touched: set[str] = set()
    for file in changed:
        own = _FILES.fullmatch(file)
        users = {stack for stack in stacks if any(_is_below(file, folder) for folder in named.get(stack, ()))}
        if own:
            touched.add(own["tenants"] or _environment(own["stack"], stacks))
        elif not users and _PROGRAM.fullmatch(file):
            users = set(stacks)
        touched |= users
    return [stack for stack in stacks if stack in touched and stack != OWN]


def _environment(stack: str, stacks: Collection[str]) -> str:
    """The one that a shard's stack is of, also one whose file has just gone; any other is its own."""
    if stack in stacks:
        return stack
    # The longest: the shard 01 of `prod-eu` is not one of `prod`.
    return max((each for each in stacks if stack.startswith(f"{each}-")), key=len, default=stack)


def named_in(root: Path, stacks: Iterable[str]) -> Named:
    """The charts and authorities that lie in the project at `root`, which has the files of `stacks`.

    A stack whose file cannot be read has none: what mends the file touches the stack.
    """
    return {stack: frozenset(_named(root, stack)) for stack in stacks}


def _named(root: Path, stack: str) -> Iterator[str]:
    try:
        content = yaml.safe_load((root / stack_file_of(stack)).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return
    home = root.resolve()
    for place in path_references(home, content).values():
        # As it is written, and where a link leads.
        for path in (place.absolute(), place.resolve()):
            if path.is_relative_to(home):
                yield path.relative_to(home).as_posix()


def _is_below(file: str, folder: str) -> bool:
    return file == folder or file.startswith(f"{folder}/")


def changed_since(root: Path, base: str) -> list[str]:
    """Files that differ between the commit `base` and this one, also those that are gone. Raises OperationError."""
    command = [
        "git",
        "-C",
        str(root),
        "diff",
        "--name-only",
        "--no-renames",
        "-z",
        "--end-of-options",
        f"{base}...HEAD",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise OperationError(f"BASE={base!r}: {reason}; name a commit that is fetched here")
    return [file for file in done.stdout.split("\0") if file]
