"""Which stacks of an environment a pull request's preview is of: the platform's, and those of shards it touches."""

from __future__ import annotations

from pathlib import Path

from operations.github.merge import Merge
from operations.shards.parts import beside, short, stacks_of
from settings.facts import file_of, stack_file_of
from settings.shards import Part, part_of


def preview_scope(root: Path, stack: str, merge: Merge) -> list[str]:
    """`stack` is the environment's; all of its shards where the stack's file differs, or what differs is not known.

    The platform's knows the sign-in rules of all tenants, wherever they are.
    """
    platform, *shards = stacks_of(root, stack)
    environment = part_of(root, short(stack)).environment
    paths = [entry.path for entry in merge.entries]
    if merge.unknown or stack_file_of(environment) in paths:
        return [platform, *shards]
    folder = file_of(environment, "").rpartition("/")[0] + "/"
    inside = (path.removeprefix(folder).partition("/") for path in paths if path.startswith(folder))
    touched = {beside(stack, Part(environment, shard)) for shard, slash, _ in inside if slash}
    return [platform, *(shard for shard in shards if shard in touched)]
