"""The stacks of an environment as `pulumi --stack` takes them: what is asked of `prod` is asked of its shards, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import yaml

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.first_outputs import tell_first_outputs
from settings.facts import stack_file_of
from settings.shards import Part, part_of, shards_of


def stacks_of(root: Path, name: str) -> list[str]:
    """`name`, and after it its shards, if it is an environment's; a shard alone is asked for alone."""
    part = part_of(root, short(name))
    if part.shard:
        return [name]
    return [name, *(beside(name, Part(part.environment, each)) for each in shards_of(root, part.environment))]


def environments_stack(root: Path, name: str) -> str:
    """The stack with the platform, whichever of the environment's stacks `name` is."""
    return beside(name, Part(part_of(root, short(name)).environment))


def beside(name: str, part: Part) -> str:
    """Another stack in the same organization and project."""
    owner, slash, _ = name.rpartition("/")
    return f"{owner}{slash}{part.stack}"


def short(name: str) -> str:
    """`prod` of `acme/clearml-tenants/prod`."""
    return name.rpartition("/")[2]


def has_shards(root: Path, name: str) -> bool:
    """Whether the environment of `name` has any; no tenant's file is read for it."""
    return bool(shards_of(root, part_of(root, short(name)).environment))


def each_of(root: Path, name: str, act: Callable[[str], None], *, alone: bool = False) -> None:
    """Do it for each of the stacks, or for `name` alone; one that fails stops no other.

    Raises OperationError, of all that failed.
    """
    raise_all(failures_of([name] if alone else stacks_of(root, name), act))


def failures_of(stacks: Iterable[str], act: Callable[[str], None]) -> list[OperationError]:
    """Do it for each of the stacks; one that fails stops no other."""
    failures: list[OperationError] = []
    for stack in stacks:
        try:
            act(stack)
        except OperationError as error:
            failures.append(error)
    return failures


def raise_all(failures: Sequence[OperationError]) -> None:
    """Raises OperationError if there is any, in one line."""
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise OperationError("; ".join(map(str, failures)))


def require_stacks(root: Path, name: str, show: Callable[[str], None]) -> None:
    """Make the stacks of shards that have none yet.

    Their file is there, and keeps what it holds. Raises OperationError.
    """
    there = EngineStack(root, name).stacks()
    for stack in stacks_of(root, name)[1:]:
        if short(stack) not in there:
            # Told none, or another than the shared file's, the engine would write its own into it.
            made = EngineStack(root, stack)
            made.initialise(require_shared_provider(root, name))
            tell_first_outputs(made)
            show(f"{short(stack)}: made, an empty stack")


def secrets_provider(root: Path, name: str) -> str:
    """As the file that all the environment's stacks share names it; empty if it names none."""
    content = yaml.safe_load((root / stack_file_of(short(name))).read_text(encoding="utf-8")) or {}
    return str(content.get("secretsprovider") or ("passphrase" if content.get("encryptionsalt") else ""))


def require_shared_provider(root: Path, name: str) -> str:
    """The provider of secrets. Raises OperationError for one that is another for each stack."""
    provider = secrets_provider(root, name)
    if provider in ("", "default"):
        raise OperationError(
            f"{stack_file_of(short(name))}: shards need a passphrase or a key service, as Pulumi Cloud's own key is "
            f"another for each stack: pulumi stack change-secrets-provider passphrase --stack {name}"
        )
    return provider
